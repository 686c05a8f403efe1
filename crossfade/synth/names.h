// Names: what invented artists, tracks, brands, goods and films are called, by number and seed.
#pragma once

#include <cstdint>
#include <string>

namespace crossfade {

// A pronounceable name of three syllables, another one for every number below 1.7 million.
std::string invented_name(std::int64_t number, std::uint64_t seed);
// "Quiet Harbour", "Rain over Lisbon": from word lists; different numbers may share a title.
std::string track_title(std::int64_t number, std::uint64_t seed);
// What a taste is called: a music genre, a shop's category, a film genre. Beyond the list's end the
// names repeat with a number behind.
std::string music_genre(std::int64_t taste);
std::string shop_category(std::int64_t taste);
std::string film_genre(std::int64_t taste);

}  // namespace crossfade
