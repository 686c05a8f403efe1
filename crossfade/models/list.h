// The one list of generators. A line X(name) stands for the folder models/<name>/, which defines
//
//   Result<std::unique_ptr<Model>> load_<name>(const Artifact&);   (<name>_model.cc)
//   TrainerEntry <name>_trainer();                                 (<name>_trainer.cc)
//
// models/storage.cc expands it for loading, models/trainer.cc for training. sasrec and bert4rec
// share the folder models/sequence/.
#pragma once

#define CROSSFADE_MODELS(X) \
  X(popular)                \
  X(als)                    \
  X(knn)                    \
  X(rp3beta)                \
  X(rules)                  \
  X(covisit)                \
  X(transitions)            \
  X(session_knn)            \
  X(content)                \
  X(attributes)             \
  X(ease)                   \
  X(sparse_ease)            \
  X(slim)                   \
  X(gfcf)                   \
  X(user_map)               \
  X(contextual)             \
  X(sasrec)                 \
  X(bert4rec)
