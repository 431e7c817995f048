#!/usr/bin/env python3
"""Tries the mutants of cargo-mutants, all of them in one build.

    tests/trust/mutants.py [GLOB…]      of these files, or of all that .cargo/mutants.toml names

cargo-mutants builds the program anew for each mutant: two thousand of them would take days. Here its list is taken,
and every mutant is woven into one copy of the sources (target/mutants/tree), each behind a switch that a variable of the
environment turns on; what the compiler refuses counts as not viable, as with cargo-mutants. Each test is run once to
see which mutants it comes by. Then each mutant is tried with the tests that come by it, the likeliest and quickest first, until
one fails. What no test notices is printed, and this ends with a failure.

What was found is kept in target/mutants/results.json, and not tried again until that file is removed. Mutants in
constants can't stand behind a switch: they are named at the end, for `cargo mutants -F`.

Needs cargo-mutants (cargo install cargo-mutants --locked). TEST_DATABASE_URL names a PostgreSQL server, where the tests
are to run on one; what is for that server alone is seen only there.
"""

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
MARK = re.compile(rb"/\*(<(\d+)|(\d+)>|\[([\d,]+)|([\d,]+)\])\*/")


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


def kept(name, otherwise):
    file = WORK / name
    return json.loads(file.read_text()) if file.exists() else otherwise


def keep(name, value):
    (WORK / name).write_text(json.dumps(value))


def copy():
    """The sources as they are, with the switch; the tests hand it on to the programs they start."""
    shutil.rmtree(TREE, ignore_errors=True)
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, names.split("\0")):
        to = TREE / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to)
    with (TREE / "src" / "lib.rs").open("a") as lib:
        lib.write(SWITCH.read_text())
    passed = '.env_clear().envs(std::env::vars().filter(|(name, _)| name.starts_with("MUTANT")))'
    for file in (TREE / "tests" / "it").rglob("*.rs"):
        text = file.read_text()
        if ".env_clear()" in text:
            file.write_text(text.replace(".env_clear()", passed))


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


def weave():
    """Weaves the mutants in until the compiler takes what is left; gives those it refused and those that can't be."""
    weaver = ["cargo", "run", "-q", "--manifest-path", str(ROOT / "tests/trust/mutants/Cargo.toml"), "--"]
    out = set()
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
            sys.exit("the compiler refuses what no mutant stands around:\n" + "\n".join(it["rendered"] for it in errors))
        out |= new


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
    return programs, names


def call(path, names, patience, **env):
    """Runs these tests alone; gives which failed, or None where they did not end."""
    command = [path, "--exact", "--test-threads=1", *names]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "start_new_session": True}
    with subprocess.Popen(command, cwd=TREE, env=CLEAN | env, text=True, errors="replace", **more) as running:
        try:
            said, _ = running.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            return None
    failed = [line.split()[1] for line in said.splitlines() if line.startswith("test ") and line.endswith("FAILED")]
    return failed or ([] if running.returncode == 0 else names)


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


def look(programs, names):
    """Which mutants each test comes by, and how long it takes. Those that fail here are told and left out."""
    found = {}

    def one(test):
        program, name = test
        seen = WORK / "seen" / f"{program}-{name.replace(':', '-')}"
        seen.unlink(missing_ok=True)
        began = time.monotonic()
        if call(programs[program], [name], 600, MUTANTS_SEEN=str(seen)) != []:
            return print(f"left out, it fails without any mutant: {name}", flush=True)
        numbers = set(seen.read_text().split()) if seen.exists() else set()
        found[test] = (time.monotonic() - began, numbers)

    (WORK / "seen").mkdir(exist_ok=True)
    together(one, names)
    return found


def attempt(number, mutant, found, programs, noticed):
    """Tries one mutant; gives what came of it and which test noticed."""
    place = mutant["file"], (mutant["function"] or {}).get("function_name")
    begin = Path(mutant["file"]).stem

    def dear(test):
        seconds, numbers = found[test]
        likely = 1 + 2 * min(noticed[place, test], 5) + min(noticed[place[0], test], 6) / 2
        return (seconds * 2 + len(numbers) / 300) / likely / (3 if begin[:5] in test[1] else 1)

    left = sorted((test for test in found if number in found[test][1]), key=dear)
    many = 1
    while left:
        now, left, many = left[:many], left[many:], min(2 * many, 48)
        for program in programs:
            names = [name for of, name in now if of == program]
            patience = 60 + 10 * sum(found[program, name][0] for name in names)
            failed = call(programs[program], names, patience, MUTANT=number) if names else []
            if failed is None:
                return "timeout", names
            if failed:
                for name in failed:
                    noticed[place, (program, name)] += 1
                    noticed[place[0], (program, name)] += 1
                return "caught", failed
    return "missed", []


def main():
    os.chdir(ROOT)
    if shutil.which("cargo-mutants") is None:
        sys.exit("NOT RUN: cargo-mutants is not installed (cargo install cargo-mutants --locked).")
    WORK.mkdir(parents=True, exist_ok=True)
    wanted = [part for glob in sys.argv[1:] for part in ("-f", glob)]
    mutants = json.loads(run("cargo", "mutants", "--list", "--json", *wanted))
    keep("list.json", mutants)
    copy()
    out, others = weave()
    programs, names = tests()
    found = look(programs, names)
    results, noticed = kept("results.json", {}), Counter()
    todo = [str(n) for n in range(len(mutants)) if str(n) not in out | others and mutants[n]["name"] not in results]

    def one(number):
        mutant = mutants[int(number)]
        outcome, by = attempt(number, mutant, found, programs, noticed)
        results[mutant["name"]] = [outcome, by]
        if outcome != "caught":
            print(f"{outcome}: {mutant['name']}", flush=True)
        keep("results.json", results)

    together(one, todo)
    here = [results[mutant["name"]][0] for mutant in mutants if mutant["name"] in results]
    counts = Counter(here)
    print(f"\n{len(mutants)} mutants: {len(here)} tried, {counts['caught']} caught, {counts['timeout']} did not end, "
          f"{counts['missed']} missed; {len(out)} not viable, {len(others)} in constants.")
    for number in sorted(others, key=int):
        print(f"in a constant: {mutants[int(number)]['name']}")
    sys.exit(1 if counts["missed"] else 0)


if __name__ == "__main__":
    main()
