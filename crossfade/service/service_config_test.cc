// Where a setting comes from, which source wins, and every sentence about a wrong one.
#include "crossfade/service/service_config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

class ServiceConfigTest : public testing::Test {
 protected:
  Result<ServiceLine> parse(const std::vector<std::string>& arguments) {
    return parse_service_line(arguments, [this](const char* name) -> const char* {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    });
  }
  void expect_error(const std::vector<std::string>& arguments, int exit_code,
                    const std::string& part) {
    const auto line = parse(arguments);
    ASSERT_FALSE(line.ok()) << part;
    EXPECT_EQ(line.status().exit_code(), exit_code) << line.status().message();
    EXPECT_NE(line.status().message().find(part), std::string::npos) << line.status().message();
  }
  std::string write(const std::string& text) {
    const std::string path = testing::TempDir() + "service_config_" + std::to_string(getpid());
    EXPECT_TRUE(replace_file(path, text).ok());
    return path;
  }

  std::map<std::string, std::string> environment_;
};

TEST_F(ServiceConfigTest, HasDefaults) {
  const ServiceConfig config = parse({"BUNDLE"}).value().config;
  EXPECT_EQ(config.bundle, "BUNDLE");
  EXPECT_EQ(config.host, "127.0.0.1");
  EXPECT_EQ(config.port, 5001);
  EXPECT_EQ(config.events, "");
  EXPECT_EQ(config.limits.body_bytes, 1 << 20);
}

TEST_F(ServiceConfigTest, LineWinsOverEnvironmentOverFile) {
  const std::string file =
      write(R"({"bundle": "F", "port": 1, "threads": 1, "max_connections": 1, "host": "::1"})");
  environment_ = {{"CROSSFADE_SERVE_PORT", "2"}, {"CROSSFADE_SERVE_THREADS", "2"}};
  const ServiceConfig config =
      parse({"--config", file, "--port", "3", "--events=a=b"}).value().config;
  EXPECT_EQ(config.bundle, "F");
  EXPECT_EQ(config.port, 3);
  EXPECT_EQ(config.threads, 2);
  EXPECT_EQ(config.limits.connections, 1);
  EXPECT_EQ(config.host, "::1");
  EXPECT_EQ(config.events, "a=b");
  EXPECT_EQ(parse({"L", "--config=" + file}).value().config.bundle, "L");
}

TEST_F(ServiceConfigTest, ExplainsWrongLines) {
  expect_error({}, 2, "which bundle?");
  expect_error({"A", "B"}, 2, "two are given");
  expect_error({"A", "--prot", "1"}, 2, "--port");
  expect_error({"A", "-p", "1"}, 2, "option of crossfade-serve");
  expect_error({"A", "--port"}, 2, "needs a value");
  expect_error({"A", "--port", "x"}, 2, "0 to 65535");
  expect_error({"A", "--port", "65536"}, 2, "0 to 65535");
  expect_error({"A", "--max-body-bytes", "1"}, 2, "max_body_bytes");
  environment_ = {{"CROSSFADE_SERVE_PORT", "many"}};
  expect_error({"A"}, 2, "CROSSFADE_SERVE_PORT");
}

TEST_F(ServiceConfigTest, ExplainsWrongFiles) {
  expect_error({"A", "--config", "/nowhere/config.json"}, 1, "/nowhere/config.json");
  expect_error({"--config", write("{")}, 3, "not valid JSON");
  expect_error({"--config", write("[]")}, 3, "a JSON object");
  expect_error({"--config", write(R"({"prot": 1})")}, 2, "port");
  expect_error({"--config", write(R"({"port": null})")}, 2, "'port' must be");
  expect_error({"--config", write(R"({"port": "x"})")}, 2, "0 to 65535");
}

TEST_F(ServiceConfigTest, PrintsHelpAndVersion) {
  const std::string help = parse({"--help"}).value().text;
  for (const char* part : {"BUNDLE", "--port 5001", "--max-body-bytes 1048576", "--config"})
    EXPECT_NE(help.find(part), std::string::npos) << part;
  EXPECT_EQ(parse({"--version"}).value().text, "crossfade-serve " CROSSFADE_VERSION "\n");
}

}  // namespace
}  // namespace crossfade
