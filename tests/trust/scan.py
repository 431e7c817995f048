"""Starts the app on demo data, signs in, walks through its pages, sets the scanners on them, and judges what they say.

Called by scan.sh, which says what for. Prints what was done in numbers; ends with 1 where something is wrong.
"""

import argparse
import collections
import fnmatch
import html.parser
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

HOST = "127.0.0.1"
ROLES = ["stranger", "nurse", "educator", "administrator"]
# Everything that could be found here; the modules left out look for other programs' files, or ask machines elsewhere.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,"
    "upload,xss"
)
# Whoever sends these is out, or takes away what the rest of the scan needs. None has a field that is typed into.
ENDING = [
    "/sign-out",
    "/me/delete",
    "/account/sessions*",
    "/cohorts/*/settings/archive",
    "/cohorts/*/people/*/remove",
    "/cohorts/*/staff/*/end",
    "/administration/people/*/rights",
    "/administration/people/*/reset",
]
# The modules that can find what is planted.
FINDERS = "cookieflags,file,permanentxss,redirect,sql,xss"
# What must be found in the build with holes: role, what wapiti calls it, the address, the parameter.
PLANTED = [
    ("stranger", "HttpOnly Flag cookie", "*", "*"),
    ("stranger", "Open Redirect", "/sign-in", "to"),
    ("nurse", "Reflected Cross Site Scripting", "/me/comments/{comment}", "text"),
    ("nurse", "Path Traversal", "/me/card", "look"),
    ("educator", "Stored Cross Site Scripting", "/cohorts/{cohort}", "name"),
    ("educator", "SQL Injection", "/cohorts/{cohort}/matrix", "until"),
]


def say(text):
    print(text, flush=True)


# --- the app -----------------------------------------------------------------------------------------------------


class Server:
    """`warmly demo` on free ports, in a folder of its own."""

    def __init__(self, program, work, role):
        self.port, self.metrics_port = free_port(), free_port()
        self.base = f"http://{HOST}:{self.port}"
        self.log = work / f"{role}.log"
        folder = work / f"{role}-data"
        folder.mkdir()
        ports = ["--address", f"{HOST}:{self.port}", "--metrics-address", f"{HOST}:{self.metrics_port}"]
        said = work / f"{role}.said"
        with said.open("w") as out, self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, *ports, "--log-format", "json", "demo"],
                stdout=out,
                stderr=log,
                env={**os.environ, "TMPDIR": str(folder)},
            )
        for _ in range(600):
            self.said = said.read_text()
            if "Press Ctrl-C" in self.said:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"the app did not start: {self.said}{self.log.read_text()}")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def counted(self):
        """Answers by status, by route and status, and panics, as the app counts them."""
        connection = http.client.HTTPConnection(HOST, self.metrics_port, timeout=20)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        routes = collections.Counter()
        for route, status, count in re.findall(r'warmly_pages_total\{route="([^"]*)",status="(\d+)"\} (\d+)', text):
            routes[route, status] += int(count)
        panics = re.search(r"^warmly_panics_total (\d+)", text, re.M)
        return routes, int(panics.group(1)) if panics else -1


def free_port():
    import socket

    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return taken.getsockname()[1]


class Browser:
    """Somebody with cookies, who sends what a browser sends."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def send(self, method, address, fields=None):
        """(status, where to, page); no redirection is followed."""
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie()}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(HOST, self.server.port, timeout=40)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        is_page = (answer.headers.get("Content-Type") or "").startswith("text/html")
        return answer.status, answer.headers.get("Location"), page if is_page else ""

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items() if value)


def sign_in(server, role):
    """Somebody of this kind, come in through the form, and a page that only she can read."""
    browser = Browser(server)
    if role == "stranger":
        return browser, "/practice"
    if role == "nurse":
        code = re.search(r"with the code  (.+)", server.said).group(1).strip()
        status, to, _ = browser.send("POST", "/come-back", {"code": code, "own_device": "1"})
        door = "/me"
    else:
        email, password = re.search(rf"as {role}\s+(\S+)\s+(\S+)", server.said).groups()
        status, to, _ = browser.send("POST", "/sign-in", {"email": email, "password": password})
        door = "/cohorts" if role == "educator" else "/administration"
    if status != 303 or not is_in(browser, door):
        sys.exit(f"FAILED: {role} could not sign in ({status}, {to})")
    return browser, door


def is_in(browser, door):
    return browser.send("GET", door)[0] == 200


# --- its pages and forms -----------------------------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """The links and forms of a page: addresses, and (method, address, fields, encoding)."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.form, self.choice = [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif tag == "form":
            method = (at.get("method") or "get").upper()
            self.form = [method, at.get("action") or "", {}, at.get("enctype") or ""]
            self.forms.append(self.form)
        elif self.form and tag in ("input", "textarea", "button", "select") and at.get("name"):
            fields, name, kind = self.form[2], at["name"], at.get("type") or ""
            self.choice = name if tag == "select" else self.choice
            taken = kind not in ("radio", "checkbox") or "checked" in at
            if tag == "button" and name in fields:
                return
            if taken or name not in fields:
                fields[name] = at.get("value") or ("" if tag in ("select", "button") else filler(name))
        elif self.form and tag == "option" and self.choice:
            if "selected" in at or not self.form[2][self.choice]:
                self.form[2][self.choice] = at.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag == "select":
            self.choice = None


def filler(name):
    """What somebody might type into an empty field: something that is taken and finds something."""
    known = {"since": "2026-01-01", "until": "2030-01-01", "email": "ana.cruz@hospital.example", "reply": "1"}
    return known.get(name, "some words")


def routes_of_the_app():
    """Every address that the source names, those with the fewest `{}` first, each with how it is recognised."""
    text = "\n".join(file.read_text() for file in pathlib.Path("src").rglob("*.rs"))
    found = set(re.findall(r'\b(?:get|post)\(\s*"(/[^"]*)",\s*Who::', text))
    pattern = lambda route: re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", route))))
    return [(route, pattern(route)) for route in sorted(found, key=lambda route: (route.count("{"), route))]


ROUTES = routes_of_the_app()


def shape(address):
    """The route of an address, or its path where the app has none."""
    path = urllib.parse.urlsplit(address).path
    return next((route for route, pattern in ROUTES if pattern.fullmatch(path)), path)


def wanted(address, only):
    """Whether an address belongs to the scan: to one of these routes, or to any where none is named."""
    return not only or any(fnmatch.fnmatch(shape(address), pattern.replace("[", "[[]")) for pattern in only)


def marked(address):
    """The address with a star behind each id that a statement may be made of, but for the cohort's where more follow."""
    path, places = urllib.parse.urlsplit(address).path.split("/"), shape(address).split("/")
    stars = [at for at, place in enumerate(places) if place.startswith("{") and at < len(path)]
    for at in stars[1:] or stars:
        path[at] += "*"
    return "/".join(path)


def ends(address):
    path = urllib.parse.urlsplit(address).path
    return any(fnmatch.fnmatch(path, ending) for ending in ENDING)


def walk(browser, most=1200, alike=5):
    """Pages and forms that can be reached by links: a few of each shape."""
    waiting, seen = collections.deque(["/", "/practice", "/me", "/cohorts", "/administration", "/account"]), set()
    pages, forms, shapes = {}, {}, collections.Counter()
    while waiting and len(seen) < most:
        address = waiting.popleft()
        if address in seen or ends(address) or shapes[shape(address)] >= alike:
            continue
        seen.add(address)
        status, to, text = browser.send("GET", address)
        found = [to] if to else []
        if status == 200:
            shapes[shape(address)] += 1
            names = tuple(sorted(urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)))
            pages.setdefault((shape(address), names), address)
        page = Page(text)
        for method, action, fields, kind in page.forms:
            action = urllib.parse.urljoin(address, action or address)
            if not ends(action):
                forms.setdefault((method, shape(action), tuple(sorted(fields))), (action, fields, kind))
        for link in found + page.links:
            link = urllib.parse.urldefrag(urllib.parse.urljoin(address, link))[0]
            if link.startswith("/") and not link.startswith(("//", "/assets/")):
                waiting.append(link)
    return pages, forms


# --- the scanners ------------------------------------------------------------------------------------------------

Finding = collections.namedtuple("Finding", "scanner role what path parameter detail")


def wapiti(server, browser, role, work, options, pages):
    """What wapiti finds, having begun at each page that was walked through."""
    report, cookies = work / f"{role}-wapiti.json", work / f"{role}-cookies.json"
    # With the Python that wapiti itself runs with.
    with open(shutil.which("wapiti")) as program:
        python = program.readline().removeprefix("#!").strip()
    command = [python, __file__, "--wapiti", "-u", f"{server.base}/", "--scope", "folder", "-H", "Sec-Fetch-Site: same-origin"]
    modules, seconds = FINDERS if options.planted else MODULES, options.seconds
    if role != "stranger":
        jar = {
            name: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
            for name, value in browser.cookies.items()
        }
        cookies.write_text(json.dumps({HOST: {"/": jar}}))
        command += ["-c", str(cookies)]
        # In that file a cookie has no flags: they are looked at where the app itself gives one.
        modules = modules.replace("cookieflags,", "")
    for address in pages.values():
        command += ["-s", server.base + address]
    for ending in ENDING:
        command += ["-x", server.base + ending]
    command += ["-m", modules, "-d", "5", "-t", "20", "--max-attack-time", str(seconds)]
    command += ["--flush-session", "--store-session", str(work / f"{role}-session"), "--no-bugreport"]
    command += ["-f", "json", "-o", str(report)]
    with (work / f"{role}-wapiti.out").open("w") as out:
        environment = {**os.environ, "SCAN_ONLY": json.dumps(options.only)}
        subprocess.run(command, stdout=out, stderr=out, env=environment, timeout=6 * seconds, check=False)
    if not report.exists():
        sys.exit(f"FAILED: wapiti wrote no report; its last words:\n{out_of(work, role)[-2000:]}")
    told = json.loads(report.read_text())
    late = re.findall(r"Max attack time was reached for module (\S+)", out_of(work, role))
    if late:
        say(f"    wapiti was stopped in {', '.join(late)}: time was up")
    found = []
    for kind in ("vulnerabilities", "anomalies"):
        for what, items in told[kind].items():
            for item in items:
                place = (item["path"], item.get("parameter") or "")
                found.append(Finding("wapiti", role, what, *place, item["info"]))
    return found, told["infos"].get("crawled_pages_nbr", 0)


def out_of(work, role):
    return (work / f"{role}-wapiti.out").read_text()


def patched_wapiti():
    """Wapiti, which looks at one of each kind of page and form: the same program answers all alike."""
    from wapitiCore.main.wapiti import wapiti_asyncio_wrapper
    from wapitiCore.net import explorer

    seen, analyze, only = set(), explorer.Explorer._async_analyze, json.loads(os.environ["SCAN_ONLY"])

    async def analyze_a_few(self, request):
        names = {name for name, *_ in (*request.get_params, *request.post_params, *request.file_params)}
        kind = (request.method, shape(request.path), tuple(sorted(names)))
        if kind in seen or not (shape(request.path) == "/" or wanted(request.path, only)):
            return False, [], None
        seen.add(kind)
        return await analyze(self, request)

    explorer.Explorer._async_analyze = analyze_a_few
    wapiti_asyncio_wrapper()


def sqlmap(server, browser, role, work, seconds, pages, forms):
    """What sqlmap finds in every form, every question mark and every id in an address, until time is up."""
    targets = [("POST" if m == "POST" else "GET", *form) for (m, _, _), form in forms.items() if form[1]]
    targets += [("GET", address, {}, "") for (_, names), address in pages.items() if names]
    first = {form: address for (form, _), address in reversed(pages.items()) if "{" in form}
    targets += [("GET", marked(address), {}, "") for address in first.values()]
    found, tried, until = [], 0, time.monotonic() + seconds
    for number, (method, address, fields, kind) in enumerate(targets):
        if time.monotonic() > until:
            break
        tried += 1
        file = work / f"{role}-{number}.txt"
        file.write_bytes(written(server, browser, method, address, fields, kind))
        command = ["sqlmap", "-r", str(file), "--batch", "--ignore-stdin", "--level", "2", "--risk", "1", "--technique", "BEU"]
        command += ["--dbms", "SQLite", "--flush-session", "--disable-coloring", "--skip-waf", "--ignore-redirects"]
        command += ["--ignore-code", "400,401,404,409,413,422,429", "--param-exclude", "^(warmly|token)"]
        command += ["--output-dir", str(work / f"{role}-sqlmap")]
        try:
            run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=max(180, seconds), check=False)
            text = run.stdout
        except subprocess.TimeoutExpired as late:
            text = (late.stdout or b"").decode(errors="replace")
        (work / f"{role}-{number}.out").write_text(text)
        if "does not seem to be injectable" in text or "do not appear to be injectable" in text:
            continue
        points = re.findall(r"^Parameter: (\S+) \((\S+)\)", text, re.M)
        for parameter, place in points:
            found.append(Finding("sqlmap", role, "SQL Injection", address, parameter, place))
        if not points:
            last = text.strip().splitlines()[-3:]
            say(f"    sqlmap said nothing clear of {method} {shape(address)}: {' / '.join(last)[:300]}")
    return found, tried, len(targets)


def written(server, browser, method, address, fields, kind):
    """A request as it goes over the line, for sqlmap to read."""
    address = address.replace(" ", "%20")
    head = [f"Host: {HOST}:{server.port}", "Sec-Fetch-Site: same-origin"]
    if browser.cookie():
        head.append(f"Cookie: {browser.cookie()}")
    body = ""
    if method == "POST":
        body = urllib.parse.urlencode(fields)
        head.append("Content-Type: application/x-www-form-urlencoded")
        head.append(f"Content-Length: {len(body)}")
    elif fields:
        address = f"{address.split('?')[0]}?{urllib.parse.urlencode(fields)}"
    return "\r\n".join([f"{method} {address} HTTP/1.1", *head, "", body]).encode()


# --- the judgement -----------------------------------------------------------------------------------------------


def accepted():
    """Rows of docs/scans.tsv: scanner, role, what, address, parameter (each may hold `*`), and the reason."""
    rows = []
    for line in pathlib.Path("docs/scans.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            row = line.split("\t")
            if len(row) != 6 or len(row[5]) < 20:
                sys.exit(f"FAILED: docs/scans.tsv: five patterns and a reason, not: {line}")
            rows.append(row)
    return rows


def fits(row, finding):
    texts = [finding.scanner, finding.role, finding.what, shape(finding.path), finding.parameter]
    return all(fnmatch.fnmatch(text, pattern.replace("[", "[[]")) for text, pattern in zip(texts, row))


def is_planted(hole, finding):
    role, what, route, parameter = hole
    # What is stored in one place comes out in another, which the sentence names.
    places = [shape(finding.path), *(shape(address) for address in re.findall(r"https?://[^\s,]+", finding.detail))]
    there = route == "*" or route in places
    return finding.role == role and finding.what == what and there and fnmatch.fnmatch(finding.parameter, parameter)


def scan(role, options, work):
    """One person: what was found, and what went wrong besides."""
    server = Server(options.program, work, role)
    wrong, found = [], []
    try:
        browser, door = sign_in(server, role)
        pages, forms = walk(browser)
        say(f"{role}: {len(pages)} kinds of pages and {len(forms)} kinds of forms reached by links")
        pages = {kind: address for kind, address in pages.items() if wanted(address, options.only)}
        forms = {kind: form for kind, form in forms.items() if wanted(form[0], options.only)}
        before = sum(server.counted()[0].values())
        if options.which != "wapiti":
            began = time.monotonic()
            more, tried, all_of_them = sqlmap(server, browser, role, work, options.seconds, pages, forms)
            found += more
            now = sum(server.counted()[0].values())
            left = "" if tried == all_of_them else f" ({all_of_them - tried} left out, time was up)"
            say(f"  sqlmap: {tried} requests varied{left}, {now - before} sent, {len(more)} findings, "
                f"{time.monotonic() - began:.0f} s")
            before = now
        if options.which != "sqlmap":
            began = time.monotonic()
            more, crawled = wapiti(server, browser, role, work, options, pages)
            found += more
            now = sum(server.counted()[0].values())
            say(f"  wapiti: {crawled} pages and forms, {now - before} sent, {len(more)} findings, "
                f"{time.monotonic() - began:.0f} s")
        if not is_in(browser, door):
            wrong.append(f"{role} was signed out on the way")
        routes, panics = server.counted()
        by_status = collections.Counter()
        for (_, status), count in routes.items():
            by_status[status] += count
        reached = len({route for route, status in routes if status in ("200", "303", "422")})
        say(f"  answers: {dict(sorted(by_status.items()))}; {reached} of the app's {len(ROUTES)} addresses gave something; panics: {panics}")
        if panics != 0:
            wrong.append(f"{role}: {panics} panics")
        for (route, status), count in sorted(routes.items()):
            if status == "500":
                wrong.append(f"{role}: {count} answers of 500 at {route}")
    finally:
        server.stop()
    errors = [line for line in server.log.read_text().splitlines() if '"level":"ERROR"' in line]
    wrong += [f"{role}: {line[:300]}" for line in errors[:5]]
    return found, wrong


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("work", type=pathlib.Path)
    arguments.add_argument("which", choices=["wapiti", "sqlmap", "all"])
    arguments.add_argument("--planted", action="store_true")
    arguments.add_argument("--as", dest="roles", action="append", choices=ROLES)
    arguments.add_argument("--only", action="append", default=[])
    arguments.add_argument("--seconds", type=int, default=600)
    options = arguments.parse_args()
    roles = options.roles or (ROLES[:3] if options.planted else ROLES)
    rows, found, wrong = accepted(), [], []
    for role in roles:
        more, worse = scan(role, options, options.work)
        found, wrong = found + more, wrong + worse
    if options.planted:
        return judge_planted(found, roles)
    return judge(found, wrong, rows)


def judge(found, wrong, rows):
    taken, beyond = collections.Counter(), {}
    for finding in found:
        row = next((row for row in rows if fits(row, finding)), None)
        if row:
            taken[tuple(row)] += 1
        else:
            beyond[finding.scanner, finding.role, finding.what, shape(finding.path), finding.parameter] = finding
    say(f"{sum(taken.values())} findings that docs/scans.tsv accepts:")
    for row, count in taken.items():
        say(f"  {count:4} {row[0]}: {row[2]} at {row[3]}: {row[5]}")
    say(f"{len(beyond)} findings beyond it:")
    for finding in beyond.values():
        say(f"  {finding.scanner}, {finding.role}: {finding.what} at {finding.path}, {finding.parameter}: {finding.detail}")
    for line in wrong:
        say(f"  WRONG: {line}")
    return 1 if beyond or wrong else 0


def judge_planted(found, roles):
    missed = 0
    for hole in PLANTED:
        if hole[0] not in roles:
            continue
        by = sorted({finding.scanner for finding in found if is_planted(hole, finding)})
        missed += not by
        say(f"  {'found by ' + ' and '.join(by) if by else 'MISSED'}: {hole[1]} as {hole[0]}, {hole[2]}")
    holes = sum(hole[0] in roles for hole in PLANTED)
    say(f"{holes - missed} of {holes} planted holes found.")
    return 1 if missed else 0


if __name__ == "__main__":
    if "--wapiti" in sys.argv:
        sys.argv.remove("--wapiti")
        sys.exit(patched_wapiti())
    sys.exit(main())
