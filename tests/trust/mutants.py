#!/usr/bin/env python3
"""Tries the mutants of cargo-mutants, all of them in one build.

    tests/trust/mutants.py [GLOB…]      those in these files or folders, or all that .cargo/mutants.toml names

cargo-mutants builds the program anew for each mutant: two thousand of them would take days. Here its list is taken,
and every mutant is woven into one copy of the sources (target/mutants/tree), each behind a switch that a variable of the
environment turns on; what the compiler refuses counts as not viable, as with cargo-mutants. Each test is run once to
see which mutants it comes by. Then each mutant is tried with the tests that come by it, the likeliest and quickest first, until
one fails. What no test notices is printed, and this ends with a failure.

What was found is kept in target/mutants/results.json: what was caught is not tried again while its function stays as it
is, until that file is removed; the rest is tried again each time. Mutants that can't stand behind a switch (in constants, say) are
named at the end as not woven, for `cargo mutants -F`.

Needs cargo-mutants (cargo install cargo-mutants --locked). TEST_DATABASE_URL names a PostgreSQL server, where the tests
are to run on one; what is for that server alone is seen only there, so a run without it comes first, one with it after.
MUTANTS_TESTS is a regular expression for the names of tests, where not all of them are to be used.
"""

import fnmatch
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "mutants"
TREE = WORK / "tree"
SWITCH = ROOT / "tests" / "trust" / "mutants" / "src" / "switch.rs"
AT_ONCE = int(os.environ.get("MUTANTS_AT_ONCE", "2"))
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("WARMLY_") and key != "DATABASE_URL"}
CLEAN |= {"RUST_BACKTRACE": "0", "CARGO_MANIFEST_DIR": str(TREE)}
SERVER = "postgres" if "TEST_DATABASE_URL" in os.environ else "sqlite"
LOCK = threading.Lock()
MARK = re.compile(rb"/\*(<(\d+)|(\d+)>|\[([\d,]+)|([\d,]+)\])\*/")


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def kept(name, otherwise):
    file = WORK / name
    return json.loads(file.read_text()) if file.exists() else otherwise


def keep(name, value):
    """Whole or not at all: a run may be ended at any moment."""
    with LOCK:
        (WORK / f"{name}.new").write_text(json.dumps(value))
        (WORK / f"{name}.new").replace(WORK / name)


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def keys(mutants):
    """What each mutant is known by from run to run: its function's text, where in it, and what stands there instead."""
    texts, keys, met = {}, [], Counter()
    for it in mutants:
        lines = texts.setdefault(it["file"], (ROOT / it["file"]).read_text().splitlines())
        span, begin = (it["function"] or it)["span"], it["span"]["start"]
        first, last = span["start"]["line"], span["end"]["line"]
        function = "\n".join(lines[first - 1 : last])
        place = f"{begin['line'] - first}:{begin['column']}"
        key = digest(it["file"], function, place, it["genre"], it["replacement"])
        met[key] += 1
        keys.append(f"{key}-{met[key]}")
    return keys


def write(to, text):
    """Only what has changed: the compiler goes by the time of a file."""
    if not to.exists() or to.read_bytes() != text:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(text)


def copy(mutants):
    """The sources as they are, with the switch; the tests hand it on to the programs they start."""
    names = set(filter(None, run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")))
    names = {name for name in names if (ROOT / name).is_file()}
    for old in TREE.rglob("*"):
        if old.is_file() and "target" not in old.parts[len(TREE.parts) :] and str(old.relative_to(TREE)) not in names:
            old.unlink()
    passed = b'.env_clear().envs(std::env::vars().filter(|(name, _)| name.starts_with("MUTANT")))'
    woven = {mutant["file"] for mutant in mutants}
    for name in names:
        text, to = (ROOT / name).read_bytes(), TREE / name
        if name == "src/lib.rs":
            text += SWITCH.read_bytes()
        if name.startswith("tests/it/") and name.endswith(".rs"):
            text = text.replace(b".env_clear()", passed)
        if name not in woven or not to.exists():
            write(to, text)
        shutil.copymode(ROOT / name, to)


def refused(message):
    """The mutants that a refusal of the compiler is about: the innermost one around what it points at."""
    spans = sorted(message["spans"], key=lambda span: not span["is_primary"])
    for span in spans:
        file = TREE / span["file_name"]
        if not file.exists():
            continue
        around = []
        for mark in MARK.finditer(file.read_bytes()):
            if mark.start() >= span["byte_end"]:
                break
            _, begins, ends, begin, end = mark.groups()
            if begins or begin:
                around.append((begins or begin).decode())
            elif mark.end() <= span["byte_start"] and around:
                around.pop()
        if around:
            return around[-1].split(",")
    return []


def weave(known):
    """Weaves the mutants in until the compiler takes what is left; gives those it refused and those that can't be."""
    weaver = ["cargo", "run", "-q", "--manifest-path", str(ROOT / "tests/trust/mutants/Cargo.toml"), "--"]
    before = set(kept("refused.json", []))
    out = {str(number) for number, key in enumerate(known) if key in before}
    while True:
        (WORK / "refused.txt").write_text(" ".join(sorted(out)))
        left = run(*weaver, str(ROOT), str(TREE), str(WORK / "list.json"), str(WORK / "refused.txt")).split()
        check = ["cargo", "check", "--locked", "--lib", "--message-format=json"]
        done = subprocess.run(check, cwd=TREE, env=build(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode == 0:
            return out, set(left)
        messages = (json.loads(line) for line in done.stdout.splitlines())
        errors = [it["message"] for it in messages if it.get("reason") == "compiler-message" and it["message"]["level"] == "error"]
        new = {number for error in errors for number in refused(error)} - out
        if not new:
            # A match whose arms are all guarded covers nothing any more: none of its arms can go.
            new = {n for error in errors for span in error["spans"] for n in arms(span)} - out
        if not new:
            sys.exit("the compiler refuses what no mutant stands around:\n" + "\n".join(it["rendered"] for it in errors) + done.stderr[-2000:])
        print(f"refused by the compiler: {len(new)}", flush=True)
        out |= new
        keep("refused.json", [known[int(number)] for number in out])


def arms(span):
    text = (TREE / span["file_name"]).read_bytes()
    body = text[span["byte_start"] :]
    return [number.decode() for number in re.findall(rb"/\*<(\d+)\*/ if !crate::mutant", body[: body.find(b"\n    }\n")])]


def build():
    return CLEAN | {"CARGO_TARGET_DIR": str(WORK / "target")}


def tests():
    """Builds the tests; gives each executable by its name, and the names of all tests."""
    command = ["cargo", "test", "--locked", "--no-run", "--lib", "--test", "it", "--message-format=json"]
    made = (json.loads(line) for line in run(*command, cwd=TREE, env=build()).splitlines())
    programs = {it["target"]["name"]: it["executable"] for it in made if it.get("executable") and it["profile"]["test"]}
    names = []
    for program, path in programs.items():
        listed = run(path, "--list", "--format", "terse", cwd=TREE, env=CLEAN).splitlines()
        names += [(program, line.removesuffix(": test")) for line in listed if line.endswith(": test")]
    used = re.compile(os.environ.get("MUTANTS_TESTS", ""))
    return programs, [test for test in names if used.search(test[1])]


def call(path, names, patience, **env):
    """Runs these tests alone, until one fails; gives which did, or None where they did not end."""
    command = [path, "--exact", "--test-threads=1", *names]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    late = threading.Event()
    with subprocess.Popen(command, cwd=TREE, env=CLEAN | env, text=True, errors="replace", **more) as running:

        def end():
            late.set()
            os.killpg(running.pid, signal.SIGKILL)

        timer = threading.Timer(patience, end)
        timer.start()
        try:
            for line in running.stdout:
                if line.startswith("test ") and line.endswith("FAILED\n"):
                    os.killpg(running.pid, signal.SIGKILL)
                    return [line.split()[1]]
        finally:
            timer.cancel()
    return None if late.is_set() else [] if running.returncode == 0 else names


def together(work, todo):
    """Does the work for each, so many at once."""
    todo, lock = iter(todo), threading.Lock()

    def one_after_the_other():
        while True:
            with lock:
                item = next(todo, None)
            if item is None:
                return
            work(item)

    threads = [threading.Thread(target=one_after_the_other) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def look(programs, names, known):
    """Which mutants each test comes by, and how long it takes. Those that fail here are told and left out.

    What was seen is kept while neither the sources nor the test's own file have changed.
    """
    sources = digest(*(file.read_text() for file in sorted((ROOT / "src").rglob("*.rs"))))
    before, found = kept(f"seen-{SERVER}.json", {}), {}
    now = dict(before)

    def one(test):
        program, name = test
        place = ROOT / "tests" / "it" / name.split("::")[0]
        files = [place.with_suffix(".rs"), *sorted(place.rglob("*.rs"))] if program == "it" else []
        state = digest(sources, *(file.read_text() for file in files if file.exists()))
        was = before.get(f"{program} {name}")
        if not was or was[0] != state:
            seen = WORK / "seen" / f"{program}-{name.replace(':', '-')}"
            seen.unlink(missing_ok=True)
            began = time.monotonic()
            good = call(programs[program], [name], 600, MUTANTS_SEEN=str(seen)) == []
            numbers = {int(number) for number in seen.read_text().split()} if seen.exists() else set()
            keys_seen = sorted(known[number] for number in numbers if number < len(known))
            was = [state if good else "", time.monotonic() - began, keys_seen]
            now[f"{program} {name}"] = was
            if len(now) % 20 == 0:
                keep(f"seen-{SERVER}.json", now)
        if not was[0]:
            return print(f"left out, it fails without any mutant: {name}", flush=True)
        found[test] = (was[1], set(was[2]))

    (WORK / "seen").mkdir(exist_ok=True)
    together(one, names)
    keep(f"seen-{SERVER}.json", now)
    return found


def places(mutant):
    file = mutant["file"]
    return file + ((mutant["function"] or {}).get("function_name") or ""), file, str(Path(file).parent)


def attempt(number, key, mutant, found, programs, noticed, first):
    """Tries one mutant; gives what came of it and which tests noticed. `first` names the tests that noticed it before."""
    place, file, folder = places(mutant)
    begin = Path(file).stem[:5]

    def dear(test):
        seconds, numbers = found[test]
        of, name = test
        if f"{of} {name}" in first:
            return 0
        likely = 1 + 2 * min(noticed[place, name], 5) + min(noticed[file, name], 6) / 2 + min(noticed[folder, name], 6) / 6
        return (seconds * 2 + len(numbers) / 300) / likely / (3 if begin in name else 1)

    left = sorted((test for test in found if key in found[test][1]), key=dear)
    if not left:
        return "unseen", []
    many, endless = 1, []
    while left and len(endless) < 2:
        now, left, many = left[:many], left[many:], min(2 * many, 48)
        for program in programs:
            names = [name for of, name in now if of == program]
            patience = 60 + 10 * sum(found[program, name][0] for name in names)
            failed = call(programs[program], names, patience, MUTANT=number) if names else []
            if failed is None:
                endless.append(" ".join(names))
            elif failed:
                return "caught", [f"{program} {name}" for name in failed]
    return ("timeout", endless) if endless else ("missed", [])


def main():
    os.chdir(ROOT)
    if shutil.which("cargo-mutants") is None:
        sys.exit("NOT RUN: cargo-mutants is not installed (cargo install cargo-mutants --locked).")
    WORK.mkdir(parents=True, exist_ok=True)
    mutants = json.loads(run("cargo", "mutants", "--list", "--json"))
    keep("list.json", mutants)
    known = keys(mutants)
    copy(mutants)
    out, others = weave(known)
    programs, names = tests()
    found = look(programs, names, known)
    print(f"{len(found)} of {len(names)} tests can tell", flush=True)

    def wanted(file):
        return not sys.argv[1:] or any(fnmatch.fnmatch(file, glob) or file.startswith(f"{glob}/") for glob in sys.argv[1:])

    results, noticed = kept("results.json", {}), Counter()

    def note(mutant, by):
        for test in by:
            for place in places(mutant):
                noticed[place, test.split(" ")[-1]] += 1

    for mutant, key in zip(mutants, known):
        if results.get(key, [""])[0] == "caught":
            note(mutant, results[key][1])
    here = [n for n, mutant in enumerate(mutants) if wanted(mutant["file"])]
    todo = [n for n in here if str(n) not in out | others and results.get(known[n], [""])[0] != "caught"]
    todo.sort(key=lambda n: known[n] in results)  # what was never tried comes first
    print(f"{len(todo)} to be tried", flush=True)
    begun = time.monotonic()

    def one(n):
        before = results.get(known[n], ["", []])
        outcome, by = attempt(str(n), known[n], mutants[n], found, programs, noticed, before[1])
        if outcome == "unseen" and before[0] == "missed":
            outcome = "missed"  # on the other database
        results[known[n]] = [outcome, by]
        if outcome == "caught":
            note(mutants[n], by)
        else:
            print(f"{outcome}: {mutants[n]['name']} {by or ''}", flush=True)
        keep("results.json", results)
        todo.remove(n)
        if len(todo) % 20 == 0:
            print(f"… {len(todo)} left after {time.monotonic() - begun:.0f} s", flush=True)

    together(one, list(todo))
    if sum(tell(mutants, known, here, out, others, results).values()):
        sys.exit(1)


def tell(mutants, known, here, out, others, results):
    """A line for each folder and one for all; gives how many of each kind no test noticed."""
    def line(title, numbers):
        count = Counter(results.get(known[n], ["untried"])[0] for n in numbers if str(n) not in out | others)
        count["not viable"] = sum(str(n) in out for n in numbers)
        count["not woven"] = sum(str(n) in others for n in numbers)
        print(f"{title}: {len(numbers)} mutants: " + ", ".join(f"{many} {kind}" for kind, many in sorted(count.items()) if many))
        return count

    print()
    for folder in sorted({places(mutants[n])[2] for n in here}):
        line(folder, [n for n in here if places(mutants[n])[2] == folder])
    count = line("all of these", here)
    for n in here:
        if str(n) in others:
            print(f"not woven: {mutants[n]['name']}")
        elif str(n) not in out and results.get(known[n], ["untried"])[0] not in ("caught", "timeout"):
            print(f"{results.get(known[n], ['untried'])[0]}: {mutants[n]['name']}")
    return {kind: count[kind] for kind in ("missed", "unseen")}


if __name__ == "__main__":
    main()
