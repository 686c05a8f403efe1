// Page headers written by hand in Thrift's compact protocol: field heads are (delta << 4 | type),
// type 5 is i32 in zigzag, 12 a struct.
#include "crossfade/io/page_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::HasSubstr;

std::string zigzag(std::int64_t value) {
  auto bits = static_cast<std::uint64_t>((value << 1) ^ (value >> 63));
  std::string bytes;
  for (; bits >= 0x80; bits >>= 7) bytes += static_cast<char>((bits & 0x7F) | 0x80);
  return bytes + static_cast<char>(bits);
}

struct PageText {
  std::int64_t values;
  std::string body = "body";
  bool checksum = false;
  bool version2 = false;
  std::int64_t claimed_bytes = -1;  // -1: the body's
};

std::string page(const PageText& p) {
  const std::int64_t bytes = p.claimed_bytes < 0 ? std::ssize(p.body) : p.claimed_bytes;
  std::string text = "\x15" + zigzag(p.version2 ? 3 : 0);  // 1: type
  text += "\x15" + zigzag(std::ssize(p.body));             // 2: uncompressed_page_size
  text += "\x15" + zigzag(bytes);                          // 3: compressed_page_size
  if (p.checksum) text += "\x15" + zigzag(-123456);        // 4: crc
  // 5: data_page_header or 8: data_page_header_v2, whose first fields are num_values and others,
  // among them statistics with a binary value.
  const int delta = (p.version2 ? 8 : 5) - (p.checksum ? 4 : 3);
  text += static_cast<char>(delta << 4 | 12);
  text += "\x15" + zigzag(p.values) + "\x15" + zigzag(0);
  text += std::string("\x3C\x18\x03zzz\x00", 7);  // 5: statistics {1: "zzz"}
  text += '\0';                                   // end of the data page header
  text += '\0';                                   // end of the page header
  return text + p.body;
}

TEST(PageScan, CountsValuesPagesAndChecksums) {
  const std::string before = "PAR1";
  const std::string bytes = before + page({100, "first", true}) + page({50, "second", false, true});
  const PageScan scan = *scan_pages(bytes, 4, 150);
  EXPECT_EQ(scan.values, 150);
  ASSERT_EQ(scan.bodies.size(), 2U);
  EXPECT_EQ(scan.pages_with_checksum, 1);
  EXPECT_EQ(bytes.substr(static_cast<std::size_t>(scan.bodies[0].begin), 5), "first");
  EXPECT_EQ(bytes.substr(static_cast<std::size_t>(scan.bodies[1].begin), 6), "second");
  EXPECT_EQ(scan.bodies[1].end, std::ssize(bytes));
}

TEST(PageScan, StopsAtTheExpectedValues) {
  const std::string bytes = page({100}) + "something else";
  EXPECT_EQ(scan_pages(bytes, 0, 100)->bodies.size(), 1U);
  EXPECT_EQ(scan_pages(bytes, 0, 0)->bodies.size(), 0U);
}

void expect_error(const std::string& bytes, std::int64_t start, std::int64_t expected,
                  const std::string& word) {
  const auto scan = scan_pages(bytes, start, expected);
  ASSERT_FALSE(scan.ok());
  EXPECT_EQ(scan.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(scan.status().message(), HasSubstr(word));
}

TEST(PageScan, WhatDoesNotFitIsAnError) {
  expect_error(page({100}), 0, 99, "hold 100 values where the footer says 99");
  expect_error(page({100}), 0, 101, "page header at byte");
  expect_error(page({100}), -1, 100, "outside the file");
  expect_error(page({100}), 1000, 100, "outside the file");
  PageText beyond{100};
  beyond.claimed_bytes = 1'000'000;
  expect_error(page(beyond), 0, 100, "reaches beyond the end");
  expect_error(page({-5}), 0, 100, "damaged");
  expect_error(std::string(1000, '\x1C'), 0, 100, "damaged");  // structs in structs without end
  expect_error(std::string(1000, '\xFF'), 0, 100, "damaged");
}

TEST(PageScan, EveryCutIsAnError) {
  const std::string bytes = page({100, "body", true});
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(scan_pages(std::string_view(bytes).substr(0, size), 0, 100).ok()) << size;
}

}  // namespace
}  // namespace crossfade
