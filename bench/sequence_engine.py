#!/usr/bin/env python3
"""The engine of sequence models against libtorch: the same weights, the same windows, one thread.

One user's answer, top-10 with the seen items left out, after a window of 200 items: SASRec of 2
blocks, 64 dimensions, 1 head and 3,416 items, the shape of published MovieLens-1M runs. libtorch is
given its better form: modules as they are called from Python, or traced, frozen and optimised,
so that no Python runs between its operators; attention by its fused kernel, no gradients. It
computes every row, as its modules do; a form that computes only the last row of the last block is
measured too.

Also: an answer after one more play (keys and values are kept); the same for a listener who plays
on and on (amortised: a full window drops a quarter and is read again), and for one from his first
play to some thousands, of which a service keeps the newest 500 to 1,000 (amortised too); BERT4Rec;
and the lists of many users at once. Scores of both sides are compared first: they agree within
1e-4.

Runs are interleaved in one session and compared by medians of medians of the thread's CPU time,
which holds on a machine that is busy otherwise; lists of many users by the clock on the wall.

    ./dev bench sequence_engine       or      python bench/sequence_engine.py --json --runs 9
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
TORCH = HOME / ".crossfade" / "torch" / "bin" / "python"
DRIVER = HOME / "build" / "bench" / "bench" / "sequence_driver"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--items", type=int, default=3416)
    parser.add_argument("--length", type=int, default=200)
    parser.add_argument("--dimensions", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--heads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--answers", type=int, default=200, help="of each kind and run")
    parser.add_argument("--users", type=int, default=2000, help="of the lists made at once")
    parser.add_argument("--torch-python", default=str(TORCH))
    parser.add_argument("--driver", default=str(DRIVER))
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    return parser.parse_args()


# Where a mean is wanted, over so many times as many answers: a full window is read again at times.
MORE = {"stream": 5, "live": 15}
# What is measured of each generator: its knobs beside the shape.
GENERATORS = {"sasrec": {"hidden": 0, "norm": "pre", "activation": "relu", "scaled": "no"},
              "bert4rec": {"hidden": 256, "norm": "post", "activation": "gelu", "scaled": "no"}}


def shapes(generator, options):
    """Names and shapes of the tensors, as crossfade/models/sequence/sequence_weights.h has them."""
    width = options.dimensions
    hidden = GENERATORS[generator]["hidden"] or width
    tensors = {"item_embedding": (options.items + (generator == "bert4rec"), width),
               "position_embedding": (options.length, width)}
    for block in range(options.blocks):
        at = f"block.{block}."
        for name, rows, columns in [("attention.query", width, width),
                                    ("attention.key", width, width),
                                    ("attention.value", width, width),
                                    ("attention.out", width, width),
                                    ("feed_forward.in", hidden, width),
                                    ("feed_forward.out", width, hidden)]:
            tensors[at + name + ".weight"] = (rows, columns)
            tensors[at + name + ".bias"] = (rows,)
        for name in ["attention_norm", "feed_forward_norm"]:
            tensors[at + name + ".weight"] = (width,)
            tensors[at + name + ".bias"] = (width,)
    if GENERATORS[generator]["norm"] == "pre":
        tensors["norm.weight"] = tensors["norm.bias"] = (width,)
    return tensors


def random_weights(generator, options, torch):
    draw = torch.Generator().manual_seed(7)
    weights = {}
    for name, shape in shapes(generator, options).items():
        values = torch.randn(shape, generator=draw) * 0.15
        weights[name] = values + 1 if name.endswith("norm.weight") else values
    return weights


def write_safetensors(path, weights):
    header, offset = {}, 0
    for name in sorted(weights):
        end = offset + weights[name].numel() * 4
        header[name] = {"dtype": "F32", "shape": list(weights[name].shape),
                        "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-(len(text) + 8) % 64)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in sorted(weights):
            file.write(bytes(weights[name].contiguous().view(-1).untyped_storage()))


def make_network(generator, weights, options, torch, only_last):
    functional = torch.nn.functional
    causal, settings = generator == "sasrec", GENERATORS[generator]
    width, heads = options.dimensions, options.heads
    mask_token = options.items

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name, value in weights.items():
                self.register_buffer(name.replace(".", "_"), value)

        def get(self, name):
            return getattr(self, name.replace(".", "_"))

        def linear(self, name, x):
            return functional.linear(x, self.get(name + ".weight"), self.get(name + ".bias"))

        def norm(self, name, x):
            return functional.layer_norm(x, (width,), self.get(name + ".weight"),
                                         self.get(name + ".bias"), 1e-5)

        def attention(self, name, x, last):
            def split(y):
                return y.view(1, -1, heads, width // heads).transpose(1, 2)
            asked = x[:, -1:] if last else x
            y = functional.scaled_dot_product_attention(
                split(self.linear(name + "query", asked)), split(self.linear(name + "key", x)),
                split(self.linear(name + "value", x)), is_causal=causal and not last)
            return self.linear(name + "out", y.transpose(1, 2).reshape(1, -1, width))

        def forward(self, window):
            if not causal:
                window = torch.cat([window, torch.full((1, 1), mask_token)], 1)
            x = functional.embedding(window, self.item_embedding)
            x = x + self.position_embedding[:window.shape[1]]
            pre = settings["norm"] == "pre"
            for block in range(options.blocks):
                at = f"block.{block}."
                last = only_last and block + 1 == options.blocks
                y = self.attention(at + "attention.",
                                   self.norm(at + "attention_norm", x) if pre else x, last)
                x = (x[:, -1:] if last else x) + y
                if not pre:
                    x = self.norm(at + "attention_norm", x)
                y = self.norm(at + "feed_forward_norm", x) if pre else x
                y = self.linear(at + "feed_forward.in", y)
                y = functional.relu(y) if settings["activation"] == "relu" else functional.gelu(y)
                x = x + self.linear(at + "feed_forward.out", y)
                if not pre:
                    x = self.norm(at + "feed_forward_norm", x)
            x = x[:, -1]
            if pre:
                x = self.norm("norm", x)
            return functional.linear(x, self.item_embedding[:options.items])

    return Network().eval()


class Answer:
    """A network as it is asked for a list: scores, seen items out, the ten best."""

    def __init__(self, network, window, torch, traced):
        self.torch = torch
        if traced:
            network = torch.jit.optimize_for_inference(torch.jit.freeze(
                torch.jit.trace(network, window)))
        self.network = network

    def __call__(self, window):
        scores = self.network(window)
        scores[0, window[0]] = -math.inf
        return self.torch.topk(scores[0], 10)


def microseconds(answer, window, count):
    times = []
    for _ in range(count):
        start = time.thread_time_ns()
        answer(window)
        times.append((time.thread_time_ns() - start) * 1e-3)
    return statistics.median(times)


class Ours:
    """The driver, told what to do line by line."""

    def __init__(self, path, generator, options):
        settings = [f"{name}={value}" for name, value in GENERATORS[generator].items()]
        for name in ["dimensions", "blocks", "heads", "length"]:
            settings.append(f"{name}={getattr(options, name)}")
        self.process = subprocess.Popen(
            [options.driver, path, str(options.items), generator, *settings],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.isa = json.loads(self.process.stdout.readline())["isa"]

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench/sequence_engine.py: the driver stopped at '{command[:40]}'")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(generator, folder, options, torch):
    weights = random_weights(generator, options, torch)
    path = str(pathlib.Path(folder) / (generator + ".safetensors"))
    write_safetensors(path, weights)
    ours = Ours(path, generator, options)
    draw = torch.Generator().manual_seed(9)
    size = options.length - (generator == "bert4rec")
    window = torch.randint(options.items, (1, size), generator=draw)

    network = make_network(generator, weights, options, torch, only_last=False)
    theirs = network(window)[0]
    mine = torch.tensor(ours.tell("scores " + " ".join(str(i) for i in window[0].tolist())))
    difference = float((theirs - mine).abs().max())
    if not difference < 1e-4:
        sys.exit(f"bench/sequence_engine.py: scores of {generator} differ by {difference}")

    last = make_network(generator, weights, options, torch, only_last=True)
    peers = {"libtorch, modules": Answer(network, window, torch, False),
             "libtorch, traced": Answer(network, window, torch, True),
             "libtorch, traced, last row only": Answer(last, window, torch, True)}
    kinds = ["whole", "append", "stream", "live"] if generator == "sasrec" else ["whole"]
    times = {name: [] for name in [*peers, *kinds]}
    for answer in peers.values():
        microseconds(answer, window, 20)  # warm
    for _ in range(options.runs):
        for name, answer in peers.items():
            times[name].append(microseconds(answer, window, options.answers // 2))
        for kind in kinds:
            figure = ours.tell(f"{kind} {options.answers * MORE.get(kind, 1)}")
            times[kind].append(figure["mean" if kind in MORE else "median"])
    batch = {threads: statistics.median(
        options.users / ours.tell(f"batch {options.users} {threads}")["seconds"]
        for _ in range(3)) for threads in (1, os.cpu_count())}
    ours.close()
    result = {name: statistics.median(values) for name, values in times.items()}
    return {"microseconds": result, "difference": difference, "isa": ours.isa,
            "users_per_second": batch}


def report(results):
    for generator, result in results.items():
        times = result["microseconds"]
        best = min(value for name, value in times.items() if name.startswith("libtorch")
                   and "last row" not in name)
        print(f"\n{generator} ({result['isa']}; scores differ by {result['difference']:.1e}):"
              " microseconds of CPU per answer, one thread")
        for name, value in times.items():
            note = ""
            if not name.startswith("libtorch"):
                note = f"   1/{best / value:.1f} of libtorch's better"
                if name != "whole":
                    note += f", {100 * value / times['whole']:.1f}% of the whole"
            print(f"  {name:34} {value:9.1f}{note}")
        for threads, users in result["users_per_second"].items():
            print(f"  lists of many users, {threads} thread(s): {users:.0f} users per second")


def main():
    options = parse()
    if pathlib.Path(sys.prefix) != pathlib.Path(options.torch_python).parent.parent:
        if not pathlib.Path(options.torch_python).exists():
            sys.exit(f"bench/sequence_engine.py: there is no {options.torch_python}")
        os.execv(options.torch_python, [options.torch_python, *sys.argv])
    import torch

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for generator in GENERATORS:
            results[generator] = measure(generator, folder, options, torch)
    if options.json:
        print(json.dumps(results))
    else:
        report(results)


if __name__ == "__main__":
    main()
