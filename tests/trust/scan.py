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
# The educator, who has the most pages, comes last, with all the time that the others did not need.
ROLES = ["stranger", "nurse", "administrator", "educator"]
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
        self.server, self.cookies, self.handed_out = server, {}, {}

    def send(self, method, address, body=None, kind="application/x-www-form-urlencoded"):
        """(status, where to, page); no redirection is followed."""
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie()}
        if body is not None:
            headers["Content-Type"] = kind
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
        status, to, _ = browser.send("POST", "/come-back", urllib.parse.urlencode({"code": code, "own_device": "1"}))
        door = "/me"
    else:
        email, password = re.search(rf"as {role}\s+(\S+)\s+(\S+)", server.said).groups()
        status, to, _ = browser.send("POST", "/sign-in", urllib.parse.urlencode({"email": email, "password": password}))
        door = "/cohorts" if role == "educator" else "/administration"
    if status != 303 or not is_in(browser, door):
        sys.exit(f"FAILED: {role} could not sign in ({status}, {to})")
    return browser, door


def is_in(browser, door):
    return browser.send("GET", door)[0] == 200


# --- its pages and forms -----------------------------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """The links and forms of a page, each form once for each button that says something of its own."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.form, self.words = [], [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        name, kind = at.get("name"), at.get("type") or "text"
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif tag == "form":
            method = (at.get("method") or "get").upper()
            self.form = Form(method, at.get("action") or "", at.get("enctype") or "")
        elif not self.form:
            return
        elif tag == "input" and name and kind == "file":
            self.form.files.append(name)
        elif tag == "input" and name and kind in ("radio", "checkbox"):
            # The last of several, where none is chosen: the first is often the one with the most consequences.
            if "checked" in at or name not in self.form.chosen:
                self.form.fields[name] = at.get("value") or "on"
            if "checked" in at:
                self.form.chosen.add(name)
        elif tag == "input" and name:
            self.form.fields[name] = at.get("value") or filler(name)
            if kind in ("text", "search"):
                self.form.typed.add(name)
        elif tag == "button" and name:
            self.form.buttons.append((name, at.get("value") or ""))
        elif tag == "textarea" and name:
            self.words, self.form.fields[name] = name, ""
            self.form.typed.add(name)
        elif tag == "select" and name:
            self.form.choice, self.form.fields[name] = name, None
        elif tag == "option" and self.form.choice:
            self.form.option, self.form.is_chosen = at.get("value"), "selected" in at
            self.option_ends("")

    def handle_data(self, text):
        if self.form and self.words:
            self.form.fields[self.words] += text
        elif self.form and self.form.choice:
            self.option_ends(text.strip())

    def option_ends(self, text):
        """A choice's value, which is its text where it has none; the first one counts until one is chosen."""
        form = self.form
        value = form.option if form.option is not None else text
        if value and (form.is_chosen or not form.fields[form.choice]):
            form.fields[form.choice] = value

    def handle_endtag(self, tag):
        if tag == "textarea" and self.form and self.words:
            self.form.fields[self.words] = self.form.fields[self.words].strip() or filler(self.words)
            self.words = None
        elif tag == "select" and self.form:
            self.form.choice = None
        elif tag == "form" and self.form:
            self.forms += self.form.ways()
            self.form = None


# A file to send: its name, what is in it, what it says it is.
FILE = ("list.csv", "name,email\nAnh Nguyen,anh.nguyen@hospital.example\n", "text/csv")


class Form:
    """A form as a browser reads it."""

    def __init__(self, method, action, encoding):
        self.method, self.action, self.encoding = method, action, encoding
        self.fields, self.files, self.typed, self.buttons, self.button = {}, [], set(), [], None
        self.chosen, self.choice, self.option, self.is_chosen = set(), None, None, False

    def ways(self):
        """The form, or the form once for each of its buttons: the last word is the button's."""
        self.fields = {name: value or "" for name, value in self.fields.items()}
        ways = []
        for button in self.buttons or [None]:
            way = Form(self.method, self.action, self.encoding)
            way.files, way.typed, way.button = self.files, self.typed, button
            way.fields = {**self.fields, **({button[0]: button[1]} if button else {})}
            ways.append(way)
        return ways

    def body(self):
        """What is sent, as if the form had just been opened; and how it is written."""
        fields = renewed(self.fields)
        if "multipart" not in self.encoding:
            return urllib.parse.urlencode(fields), "application/x-www-form-urlencoded"
        name, text, kind = FILE
        parts = [(f'name="{field}"', value) for field, value in fields.items()]
        parts += [(f'name="{field}"; filename="{name}"\r\nContent-Type: {kind}', text) for field in self.files]
        parts = [f"--line\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n" for head, value in parts]
        return "".join(parts) + "--line--\r\n", "multipart/form-data; boundary=line"

    def kind(self):
        """What forms that are alike have in common: what is the same for one form with other values in it."""
        said = "=".join(self.button) if self.button and self.button[0] in SAYING else ""
        return self.method, shape(self.action), tuple(sorted([*self.fields, *self.files])), said


# Buttons whose value says what is to be done; those of others say to whom.
SAYING = ("change", "do", "must", "skip", "then")


def filler(name):
    """What somebody might type into an empty field: something that is taken and finds something. But for an address to
    sign in with: whoever accepts an invitation is somebody else from then on."""
    known = {"since": "2026-01-01", "until": "2030-01-01", "due": "2030-01-01", "reply": "1", "password": "some long words"}
    known |= {"email": "no address", "external_id": f"id-{os.urandom(3).hex()}", "emergency_number": "911"}
    return known.get(name, "555 0100" if name.endswith("_line") else "some words")


def routes_of_the_app():
    """Every address that the source names, those with the fewest `{}` first, with how it is recognised; and who may go
    there."""
    text = "\n".join(file.read_text() for file in pathlib.Path("src").rglob("*.rs"))
    who = collections.defaultdict(set)
    for route, one in re.findall(r'\b(?:get|post)\(\s*"(/[^"]*)",\s*Who::(\w+)', text):
        who[route].add(one)
    pattern = lambda route: re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", route))))
    return [(route, pattern(route)) for route in sorted(who, key=lambda route: (route.count("{"), route))], who


ROUTES, WHO = routes_of_the_app()
MAY = {
    "stranger": {"Anyone"},
    "nurse": {"Anyone", "Nurse"},
    "educator": {"Anyone", "Staff", "CohortStaff", "Educator"},
    "administrator": {"Anyone", "Staff", "Administrator"},
}


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


def handed_out(server):
    """Addresses that staff give to people on paper or by mail, the newest of each kind: no page links to them."""
    kinds = collections.defaultdict(list)
    for role in ("educator", "administrator"):
        browser, door = sign_in(server, role)
        walk(browser, [door], most=100, alike=1, times=1, leave=("/withdraw",))
        for address in browser.handed_out:
            kinds[shape(address)].append(address)
    return [address for addresses in kinds.values() for address in addresses[-3:]]


def walk(browser, beginnings, most=1500, alike=3, times=5, leave=()):
    """Pages and forms that can be reached by links and by sending forms: one of each kind, from a few of each shape."""
    waiting, seen = collections.deque(beginnings), set()
    pages, forms, shapes, sent, to_send = {}, {}, collections.Counter(), collections.Counter(), collections.deque()

    def read(address, status, to, text):
        page = Page(text)
        browser.handed_out |= dict.fromkeys(re.findall(r"/(?:invitations|join|reset|seats)/[A-Za-z0-9-]{6,}", text))
        for form in page.forms:
            form.action = urllib.parse.urljoin(address, form.action or address)
            if not ends(form.action):
                forms.setdefault(form.kind(), form)
                to_send.append(form)
        for link in ([to] if to else []) + page.links:
            link = urllib.parse.urldefrag(urllib.parse.urljoin(address, link))[0]
            if link.startswith("/") and not link.startswith(("//", "/assets/")):
                waiting.append(link)

    while (waiting or to_send) and len(seen) < most:
        if waiting:
            address = waiting.popleft()
            if address in seen or ends(address) or shapes[shape(address)] >= alike:
                continue
            seen.add(address)
            status, to, text = browser.send("GET", address)
            if status == 200:
                shapes[shape(address)] += 1
                names = tuple(sorted(urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)))
                pages.setdefault((shape(address), names), address)
            read(address, status, to, text)
            continue
        # All pages are read before anything is changed. Some forms lead to new pages only when sent several times.
        form = to_send.popleft()
        if form.method != "POST" or sent[form.kind()] >= times or form.action.endswith(leave):
            continue
        sent[form.kind()] += 1
        read(form.action, *browser.send("POST", form.action, *form.body()))
        shapes.clear()
    return pages, forms


def renewed(fields):
    """The same form as if it had been opened once more: with a token that was not used."""
    return {name: os.urandom(32).hex() if is_token(name, value) else value for name, value in fields.items()}


def is_token(name, value):
    return name == "token" and bool(re.fullmatch("[0-9a-f]{64}", value))


# --- the scanners ------------------------------------------------------------------------------------------------

Finding = collections.namedtuple("Finding", "scanner role what path parameter detail")


def wapiti(server, browser, door, role, work, options, seconds, pages, forms, varied):
    """What wapiti finds (scan_wapiti.py), having begun at each page and form that was reached."""
    report, cookies, plan = (work / f"{role}-{name}.json" for name in ("wapiti", "cookies", "plan"))
    # With the Python that wapiti itself runs with.
    with open(shutil.which("wapiti")) as program:
        python = program.readline().removeprefix("#!").strip()
    command = [python, str(pathlib.Path(__file__).with_name("scan_wapiti.py"))]
    command += ["-u", f"{server.base}/", "--scope", "folder", "-H", "Sec-Fetch-Site: same-origin"]
    if role != "stranger":
        jar = {
            name: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
            for name, value in browser.cookies.items()
        }
        cookies.write_text(json.dumps({HOST: {"/": jar}}))
        command += ["-c", str(cookies)]
    for address in pages.values():
        command += ["-s", server.base + address]
    for ending in ENDING:
        command += ["-x", server.base + ending]
    plan.write_text(
        json.dumps(
            {
                "only": options.only,
                "seconds": seconds,
                "is_stranger": role == "stranger",
                "door": None if role == "stranger" else server.base + door,
                "told": str(work / f"{role}-told.json"),
                "forms": [
                    [server.base + form.action, form.method, renewed(form.fields), form.files, form.encoding]
                    for form in forms.values()
                ],
                "varied": [[module, list(place)] for module, place in varied if module != "sqlmap"],
                "typed": sorted({name for form in forms.values() for name in form.typed}),
            }
        )
    )
    command += ["-d", "5", "-t", "20", "--max-scan-time", str(seconds / 3), "--skip", "token"]
    command += ["--flush-session", "--store-session", str(work / f"{role}-session"), "--no-bugreport"]
    command += ["-f", "json", "-o", str(report)]
    with (work / f"{role}-wapiti.out").open("w") as out:
        environment = {**os.environ, "SCAN_PLAN": str(plan)}
        subprocess.run(command, stdout=out, stderr=out, env=environment, timeout=3 * seconds + 300, check=False)
    if not report.exists():
        sys.exit(f"FAILED: wapiti wrote no report; its last words:\n{out_of(work, role)[-2000:]}")
    told, by_module = json.loads(report.read_text()), json.loads((work / f"{role}-told.json").read_text())
    wrong = []
    for module in by_module:
        late = f", time was up in {', '.join(dict.fromkeys(module['left']))}" if module["late"] else ""
        lost = f", {module['lost']} without an answer" if module["lost"] else ""
        say(f"    {module['name']}: {module['done']} of {module['all']}, {module['sent']} requests, "
            f"{module['seconds']} s{lost}{late}")
        varied |= {(module["name"], tuple(place)) for place in module["varied"]}
        if module["out"]:
            wrong.append(f"{role} was signed out in wapiti's {module['name']}")
    found = []
    for kind in ("vulnerabilities", "anomalies"):
        for what, items in told[kind].items():
            for item in items:
                place = (item["path"], item.get("parameter") or "")
                found.append(Finding("wapiti", role, what, *place, item["info"]))
    return found, told["infos"].get("crawled_pages_nbr", 0), wrong


def out_of(work, role):
    return (work / f"{role}-wapiti.out").read_text()


def sqlmap(server, browser, role, work, seconds, pages, forms, known):
    """What sqlmap finds in every field, every value behind a question mark and every id in an address, but for those
    that were varied already."""
    targets = [(form.method, form.action, form) for form in forms.values() if form.fields]
    # What changes nothing comes first, and what people type into before what stands in links.
    targets.sort(key=lambda target: target[0] != "GET")
    targets += [("GET", address, None) for (_, names), address in pages.items() if names]
    first = {form: address for (form, _), address in reversed(pages.items()) if "{" in form}
    found, left, tried, until = [], [], 0, time.monotonic() + seconds
    for number, (method, address, form) in enumerate([*targets, *(("IDS", marked(at), None) for at in first.values())]):
        names = set(form.fields) if form else {"an id"} if method == "IDS" else {name for name, _ in asked(address)}
        names = {name for name in names if not (method, shape(address), name) in known and not name.startswith("token")}
        if not names:
            continue
        if time.monotonic() > until:
            left.append(f"{method} {shape(address)}".replace("IDS", "ids of"))
            continue
        known |= {(method, shape(address), name) for name in names}
        file = work / f"{role}-{number}.txt"
        file.write_bytes(written(server, browser, method, address, form))
        command = ["sqlmap", "-r", str(file), "--batch", "--ignore-stdin", "--level", "2", "--risk", "1", "--technique", "BEU"]
        command += ["--dbms", "SQLite", "--flush-session", "--disable-coloring", "--skip-waf", "--ignore-redirects"]
        command += ["--ignore-code", "400,401,404,409,413,422,429", "--output-dir", str(work / f"{role}-sqlmap")]
        command += ["--param-exclude", "^(warmly|token)"] if method == "IDS" else ["-p", ",".join(sorted(names))]
        try:
            most = max(60, seconds / 4)
            run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=most, check=False)
            text = run.stdout
        except subprocess.TimeoutExpired:
            known -= {(method, shape(address), name) for name in names}
            left.append(f"{method} {shape(address)} (cut off)")
            continue
        tried += 1
        (work / f"{role}-{number}.out").write_text(text)
        points = re.findall(r"^Parameter: (\S+) \((\S+)\)", text, re.M)
        for parameter, place in points:
            found.append(Finding("sqlmap", role, "SQL Injection", address, parameter, place))
        # Said of single fields too, also where another is found.
        if not points and "not seem to be injectable" not in text and "not appear to be injectable" not in text:
            last = text.strip().splitlines()[-3:]
            say(f"    sqlmap said nothing clear of {method} {shape(address)}: {' / '.join(last)[:300]}")
    return found, tried, left


def asked(address):
    return urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query, keep_blank_values=True)


def written(server, browser, method, address, form):
    """A request as it goes over the line, for sqlmap to read."""
    address = address.replace(" ", "%20")
    head = [f"Host: {HOST}:{server.port}", "Sec-Fetch-Site: same-origin"]
    if browser.cookie():
        head.append(f"Cookie: {browser.cookie()}")
    body = ""
    if method == "POST":
        body, kind = form.body()
        head += [f"Content-Type: {kind}", f"Content-Length: {len(body.encode())}"]
    elif form:
        address = f"{address.split('?')[0]}?{urllib.parse.urlencode(form.fields)}"
    method = "GET" if method == "IDS" else method
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


def scan(role, options, work, seconds, varied):
    """One person, for so many seconds: what was found, what went wrong besides, and the seconds that the scanners took.

    What anyone may send is varied as the first person who reaches it; `varied` says which fields were."""
    server = Server(options.program, work, role)
    wrong, found, began = [], [], time.monotonic()
    try:
        browser, door = sign_in(server, role)
        given = handed_out(server) if role in ("stranger", "nurse") else []
        pages, forms = walk(browser, ["/", "/practice", "/me", "/cohorts", "/administration", "/account", *given])
        say(f"{role}: {len(pages)} kinds of pages and {len(forms)} kinds of forms reached, {time.monotonic() - began:.0f} s")
        if not is_in(browser, door):
            wrong.append(f"{role} was signed out by walking about")
        pages = {kind: address for kind, address in pages.items() if wanted(address, options.only)}
        forms = {kind: form for kind, form in forms.items() if wanted(form.action, options.only)}
        before, until = answered(server), time.monotonic() + seconds
        if options.which != "wapiti":
            since = time.monotonic()
            # What sqlmap does not need is wapiti's.
            known = {place for scanner, place in varied if scanner == "sqlmap"}
            most = (until - since) * SHARE[options.which]
            more, tried, left = sqlmap(server, browser, role, work, most, pages, forms, known)
            varied |= {("sqlmap", place) for place in known if WHO.get(place[1]) == {"Anyone"}}
            found += more
            now = answered(server)
            say(f"  sqlmap: {tried} requests varied, {now - before} answered, {len(more)} findings, "
                f"{time.monotonic() - since:.0f} s; {len(left)} left out, time was up{': ' if left else ''}{', '.join(left)}")
            before = now
            if not is_in(browser, door):
                wrong.append(f"{role} was signed out while sqlmap ran")
        if options.which != "sqlmap":
            since = time.monotonic()
            more, crawled, worse = wapiti(server, browser, door, role, work, options, until - since, pages, forms, varied)
            found, wrong = found + more, wrong + worse
            say(f"  wapiti: {crawled} pages and forms, {answered(server) - before} answered, {len(more)} findings, "
                f"{time.monotonic() - since:.0f} s")
        used = time.monotonic() - until + seconds
        if not is_in(browser, door):
            wrong.append(f"{role} was signed out on the way")
        wrong += told_by_the_app(server, role)
    finally:
        server.stop()
    errors = [line for line in server.log.read_text().splitlines() if '"level":"ERROR"' in line]
    wrong += [f"{role}: {line[:300]}" for line in errors[:5]]
    return found, wrong, used


# Which part of the time is whose, and which part of that is sqlmap's; what somebody does not need is for who comes next.
NEEDS = {"stranger": 2, "nurse": 4, "administrator": 3, "educator": 8}
SHARE = {"all": 0.45, "sqlmap": 1}


def answered(server):
    return sum(server.counted()[0].values())


def told_by_the_app(server, role):
    """Says what the app answered and where; what should never be is returned."""
    routes, panics = server.counted()
    wrong, by_status = [], collections.Counter()
    for (_, status), count in routes.items():
        by_status[status] += count
    reached = {route for route, status in routes if status in ("200", "303", "422")}
    hers = {route for route, who in WHO.items() if who & MAY[role]}
    say(f"  answers: {dict(sorted(by_status.items()))}; panics: {panics}; {len(reached & hers)} of the {len(hers)} "
        f"addresses that are hers gave something; not: {', '.join(sorted(hers - reached)) or 'none'}")
    if panics != 0:
        wrong.append(f"{role}: {panics} panics")
    for (route, status), count in sorted(routes.items()):
        if status == "500":
            wrong.append(f"{role}: {count} answers of 500 at {route}")
    return wrong


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
    roles = options.roles or ([role for role in ROLES if role != "administrator"] if options.planted else ROLES)
    rows, found, wrong = accepted(), [], []
    left, varied = options.seconds * len(roles), set()
    for number, role in enumerate(roles):
        share = NEEDS[role] / sum(NEEDS[other] for other in roles[number:])
        more, worse, used = scan(role, options, options.work, left * share, varied)
        left -= used
        found, wrong = found + more, wrong + worse
    if options.planted:
        missed = judge_planted(found, roles)
        judge([one for one in found if not any(is_planted(hole, one) for hole in PLANTED)], wrong, rows)
        return missed
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
    sys.exit(main())
