// Ids to files and back, cut and joined.
#include "crossfade/data/id_list.h"

#include <utility>
#include <vector>

namespace crossfade {

IdList to_id_list(const Vocabulary& vocabulary) {
  return {vocabulary.is_text(), vocabulary.numbers(), vocabulary.texts()};
}

IdList ids_from(const IdList& ids, std::int64_t first) {
  if (first == 0) return ids;
  IdList tail;
  tail.text = ids.text;
  const auto begin = static_cast<std::size_t>(first);
  if (!ids.text) {
    const auto numbers = ids.numbers.span().subspan(begin);
    tail.numbers = std::vector<std::int64_t>(numbers.begin(), numbers.end());
    return tail;
  }
  std::vector<std::int64_t> offsets{0};
  const std::int64_t before = ids.texts.offsets()[begin];
  for (std::size_t i = begin; i < ids.texts.size(); ++i)
    offsets.push_back(ids.texts.offsets()[i + 1] - before);
  const auto bytes = ids.texts.bytes().span().subspan(static_cast<std::size_t>(before));
  tail.texts = StringArray(std::move(offsets), std::vector<char>(bytes.begin(), bytes.end()));
  return tail;
}

Result<IdList> join_ids(std::span<const IdList> lists) {
  std::vector<const IdList*> parts;
  for (const IdList& list : lists)
    if (list.size() > 0) parts.push_back(&list);
  if (parts.empty()) return IdList();
  if (parts.size() == 1) return *parts[0];
  std::vector<std::int64_t> numbers, offsets{0};
  std::vector<char> bytes;
  for (const IdList* part : parts) {
    if (part->text != parts[0]->text)
      return data_invalid("the ids of one segment are numbers and of another text");
    numbers.insert(numbers.end(), part->numbers.begin(), part->numbers.end());
    const auto before = static_cast<std::int64_t>(bytes.size());
    bytes.insert(bytes.end(), part->texts.bytes().begin(), part->texts.bytes().end());
    for (std::size_t i = 1; i < part->texts.offsets().size(); ++i)
      offsets.push_back(before + part->texts.offsets()[i]);
  }
  IdList joined;
  joined.text = parts[0]->text;
  if (joined.text)
    joined.texts = StringArray(std::move(offsets), std::move(bytes));
  else
    joined.numbers = std::move(numbers);
  return joined;
}

Result<Vocabulary> to_vocabulary(IdList ids) {
  if (ids.text) return Vocabulary::checked(std::move(ids.texts));
  return Vocabulary::checked(std::move(ids.numbers));
}

Status save_ids(ArtifactWriter& writer, const std::string& name, const IdList& ids) {
  if (ids.text) return writer.add_strings(name, ids.texts);
  return writer.add<std::int64_t>(name + ".numbers.npy", ids.numbers);
}

Result<IdList> load_ids(const Artifact& artifact, const std::string& name) {
  IdList ids;
  if (artifact.has(name + ".numbers.npy")) {
    CROSSFADE_ASSIGN_OR_RETURN(auto numbers, artifact.read<std::int64_t>(name + ".numbers.npy"));
    ids.numbers = std::move(numbers.values);
    return ids;
  }
  if (artifact.has(name + ".offsets.npy") && artifact.has(name + ".bytes.npy")) {
    ids.text = true;
    CROSSFADE_ASSIGN_OR_RETURN(ids.texts, artifact.read_strings(name));
    return ids;
  }
  return data_invalid(artifact.path() + " has no ids called " + name +
                      "; it is damaged or not what is expected here");
}

}  // namespace crossfade
