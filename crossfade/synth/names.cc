// Syllables and word lists, chosen by hashed numbers.
#include "crossfade/synth/names.h"

#include <array>
#include <cctype>
#include <span>
#include <string_view>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr std::array<std::string_view, 20> kOnsets{"b", "d",  "f",  "g",  "h",  "k", "l",
                                                   "m", "n",  "p",  "r",  "s",  "t", "v",
                                                   "z", "br", "dr", "kr", "sh", "tr"};
constexpr std::array<std::string_view, 6> kVowels{"a", "e", "i", "o", "u", "ai"};
constexpr std::array<std::string_view, 8> kEndings{"", "", "n", "r", "s", "l", "th", "x"};
constexpr std::uint64_t kSyllables = kOnsets.size() * kVowels.size();

constexpr std::array<std::string_view, 32> kQualities{
    "Quiet",    "Silver", "Broken",   "Golden", "Distant",  "Burning", "Hollow",  "Velvet",
    "Electric", "Paper",  "Frozen",   "Hidden", "Wild",     "Slow",    "Endless", "Crimson",
    "Lonely",   "Bright", "Northern", "Second", "Secret",   "Falling", "Open",    "Blue",
    "Early",    "Heavy",  "Gentle",   "Last",   "Midnight", "Sunday",  "Foreign", "Little"};
constexpr std::array<std::string_view, 32> kThings{
    "Harbour", "Rain",    "Mirror", "Summer", "Engine",  "Garden",  "Letters", "Ocean",
    "Signal",  "Street",  "Shadow", "River",  "Window",  "Fever",   "Stars",   "Winter",
    "Dance",   "Horizon", "Smoke",  "Bridge", "Thunder", "Promise", "Train",   "Lights",
    "Morning", "Echo",    "Desert", "Crown",  "Waves",   "Machine", "Sleep",   "Return"};

constexpr std::array<std::string_view, 40> kMusicGenres{
    "pop",        "rap",        "indie rock", "house",    "metal",      "folk",          "techno",
    "jazz",       "soul",       "punk",       "ambient",  "classical",  "drum and bass", "country",
    "synth-pop",  "blues",      "trance",     "reggae",   "hard rock",  "r&b",           "chanson",
    "lo-fi",      "dream pop",  "disco",      "trap",     "soundtrack", "grunge",        "latin",
    "dubstep",    "gospel",     "post-rock",  "funk",     "opera",      "k-pop",         "shoegaze",
    "bossa nova", "industrial", "ska",        "new wave", "choral"};
constexpr std::array<std::string_view, 40> kShopCategories{
    "kitchen",   "phones",   "toys",      "garden",   "shoes",      "coffee",   "books",
    "cosmetics", "pets",     "tools",     "audio",    "baby",       "sports",   "furniture",
    "lighting",  "laptops",  "tea",       "cleaning", "stationery", "bicycles", "fishing",
    "jewellery", "bedding",  "car parts", "games",    "vitamins",   "cameras",  "bags",
    "watches",   "plumbing", "snacks",    "crafts",   "camping",    "heating",  "instruments",
    "perfume",   "yoga",     "aquariums", "party",    "antiques"};
constexpr std::array<std::string_view, 18> kFilmGenres{
    "Drama",     "Comedy",  "Action",  "Thriller",    "Romance", "Adventure",
    "Sci-Fi",    "Crime",   "Horror",  "Children",    "Fantasy", "War",
    "Animation", "Musical", "Mystery", "Documentary", "Western", "Film-Noir"};

std::string of_list(std::span<const std::string_view> names, std::int64_t number) {
  const auto size = static_cast<std::int64_t>(names.size());
  std::string name(names[static_cast<std::size_t>(number % size)]);
  return number < size ? name : name + " " + std::to_string(number / size + 1);
}

}  // namespace

std::string invented_name(std::int64_t number, std::uint64_t seed) {
  // An odd factor permutes the numbers below a power of two but not below 120^3, where any factor
  // without the primes 2, 3 and 5 does; the three digits choose the syllables, so names differ.
  constexpr std::uint64_t kNames = kSyllables * kSyllables * kSyllables;
  std::uint64_t code =
      (static_cast<std::uint64_t>(number) * 777'781 + mix64(seed) % kNames) % kNames;
  const std::uint64_t hash = mix64(seed ^ mix64(static_cast<std::uint64_t>(number) + 1));
  std::string name;
  for (int syllable = 0; syllable < 3; ++syllable, code /= kSyllables) {
    const std::uint64_t digit = code % kSyllables;
    name += kOnsets[digit / kVowels.size()];
    name += kVowels[digit % kVowels.size()];
  }
  name += kEndings[hash % kEndings.size()];
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

std::string track_title(std::int64_t number, std::uint64_t seed) {
  Rng rng(mix64(seed ^ 0x7171E5ULL), static_cast<std::uint64_t>(number));
  const auto quality = [&] { return std::string(kQualities[rng.below(kQualities.size())]); };
  const auto thing = [&] { return std::string(kThings[rng.below(kThings.size())]); };
  switch (rng.below(6)) {
    case 0:
      return thing();
    case 1:
      return thing() + " and " + thing();
    case 2:
      return "The " + quality() + " " + thing();
    case 3:
      return thing() + " over " + invented_name(static_cast<std::int64_t>(rng.below(200)), seed);
    default:
      return quality() + " " + thing();
  }
}

std::string music_genre(std::int64_t taste) {
  return of_list(kMusicGenres, taste);
}
std::string shop_category(std::int64_t taste) {
  return of_list(kShopCategories, taste);
}
std::string film_genre(std::int64_t taste) {
  return of_list(kFilmGenres, taste);
}

}  // namespace crossfade
