"""Wapiti for one program whose pages of a kind are all alike, within a time that is set. Called by scan.py.

What is different from wapiti as it comes:

- It begins with the forms that a browser would send, as scan.py read them: wapiti's own reading sends every button of a
  form at once, and no choice where a choice has no `value`.
- It looks at one page and one form of each kind. A module varies each field of an address once. Forgotten copies of
  files are asked for beside pages whose address holds no id.
- Its time is shared among its modules; what one does not need is left to those behind it. Several requests are under way.
- A form has a token that can be used once. Script is looked for with a used one, where what was typed comes back, and
  with a new one each time, where it is stored.
- What forms store is stored once more, with signs that a page must escape, before every page is looked at: only where
  such a sign stands as it was typed is script tried, instead of trying each way to write script wherever a word stands.
- Payloads that need Windows, PHP, a machine elsewhere, or a language whose texts end at a NUL are left out; of some forty
  ways to write script in one place every fourth is tried. All of a page is escaped by one hand.
- A page is only parsed, to see whether script would run, where what was sent stands in it as it was sent.
- After each module it makes sure that it is still signed in.
"""

import asyncio
import collections
import contextvars
import json
import os
import pathlib
import re
import sys
import time

import httpx
import scan
from wapitiCore.attack import attack as attacks
from wapitiCore.attack import mod_permanentxss, mod_xss
from wapitiCore.controller.wapiti import Wapiti
from wapitiCore.main.wapiti import wapiti_asyncio_wrapper
from wapitiCore.net import Request, crawler, explorer, xss_utils
from wapitiCore.parsers.html_parser import Html

PLAN = json.loads(pathlib.Path(os.environ["SCAN_PLAN"]).read_text())
# Everything that could be found here, in this order, each with its part of the time; the modules left out look for other
# programs' files, ask machines elsewhere, or speak another protocol. The last two come last, one right behind the other:
# the second looks for what the first has stored.
MODULES = {
    "cookieflags": 1,
    "csp": 1,
    "http_headers": 1,
    "csrf": 1,
    "redirect": 2,
    "crlf": 2,
    "methods": 2,
    "shellshock": 1,
    "htaccess": 1,
    "upload": 1,
    "backup": 3,
    "sql": 8,
    "file": 8,
    "exec": 6,
    "xss": 6,
    "permanentxss": 10,
}
if not PLAN["is_stranger"]:
    # In the file that cookies come in they have no flags: they are looked at where the app itself gives one.
    del MODULES["cookieflags"]
# Those that vary fields, and so need not look at an address whose fields they have varied.
BY_FIELD = {"crlf", "exec", "file", "redirect", "sql", "xss"}
# Those to whom it does not matter who sends what anyone may send.
ALIKE = {"crlf", "exec", "file", "sql"}
# How many requests are under way; one where what one stores another would overwrite.
AT_ONCE = collections.defaultdict(lambda: 4, {"permanentxss": 1, "xss": 1})
ELSEWHERE = re.compile(r"\0|windows|\$data|php|md5\(|^data:;|wapiti3|ping -n|&set&|^set$", re.I)
# Fields that take no free text, however they look.
STRICT = re.compile("mail|date|code|password|since|until|due|number|token|present|username")

module_now = contextvars.ContextVar("module", default="crawl")
varied = contextvars.ContextVar("varied", default=frozenset())
sent = collections.Counter()
told = []


def kind(request):
    """What requests that are alike have in common."""
    fields = [*request.get_params, *request.post_params]
    names = tuple(sorted({name for name, *_ in (*fields, *request.file_params)}))
    said = next((f"{name}={value}" for name, value in fields if name in scan.SAYING), "")
    return request.method, scan.shape(request.path), names, said


def places(request):
    """The fields of a request, each as a module needs to see it once."""
    method, shape, names, said = kind(request)
    return {(method, shape, said, name) for name in names if name not in ("token", *scan.SAYING)}


# --- the crawl ---------------------------------------------------------------------------------------------------

seen, analyze = set(), explorer.Explorer._async_analyze


async def analyze_one_of_each(self, request):
    path = scan.shape(request.path)
    if kind(request) in seen or not (path == "/" or scan.wanted(request.path, PLAN["only"])):
        return False, [], None
    seen.add(kind(request))
    return await analyze(self, request)


browse = Wapiti.browse


async def browse_from_forms(self, stop_event, parallelism=8):
    for address, method, fields, files, encoding in PLAN["forms"]:
        name, text, says = scan.FILE
        fields = [[name, value] for name, value in fields.items()]
        files = [[field, (name, text.encode(), says)] for field in files]
        if method == "GET":
            request = Request(address.split("?")[0], get_params=fields)
        else:
            request = Request(address, "POST", post_params=fields, file_params=files, enctype=encoding or FORM)
        self.add_start_url(request)
    await browse(self, stop_event, 4)


FORM = "application/x-www-form-urlencoded"

# --- what is sent ------------------------------------------------------------------------------------------------

send_once = crawler.AsyncCrawler.async_send


async def send(self, request, *rest, **named):
    """Once more where the app closed an idle connection just before it was used again."""
    try:
        return await send_once(self, request, *rest, **named)
    except httpx.RemoteProtocolError:
        return await send_once(self, request, *rest, **named)


async def send_counted(self, request, *rest, **named):
    sent[module_now.get()] += 1
    if module_now.get() in ("xss", "permanentxss") and has_token(request):
        sent[module_now.get()] += 1
        answer = await send(self, with_new_token(request), *rest, **named)
        if module_now.get() == "permanentxss":
            sent[module_now.get()] -= 1
            return answer
    return await send(self, request, *rest, **named)


def has_token(request):
    return request.method == "POST" and any(scan.is_token(*field) for field in request.post_params)


def with_new_token(request, changed=None):
    fields = [[name, (changed or {}).get(name, value)] for name, value in request.post_params]
    fields = [[name, os.urandom(32).hex() if scan.is_token(name, value) else value] for name, value in fields]
    return Request(
        request.path, request.method, request.get_params, fields, request.file_params, "UTF-8", request.enctype,
        request.referer, request.link_depth,
    )  # fmt: skip


mutate = attacks.Mutator.mutate


def mutate_what_is_new(self, request, payloads):
    """Leaves out fields that were varied before, what this machine can't understand, and the same request twice."""
    before, old = set(), False
    for mutated, parameter, payload in mutate(self, request, payloads):
        if parameter.reversed_parameter:
            continue
        if parameter.name in varied.get() or ELSEWHERE.search(payload.payload):
            continue
        if module_now.get() in ("file", "exec"):
            if hash(mutated) in before:
                continue
            before.add(hash(mutated))
        yield mutated, parameter, payload


class Later:
    """A page that is parsed when somebody looks into it."""

    def __init__(self, text, address, **named):
        self.text, self.make = text, lambda: Html(text, address, **named)

    def __getattr__(self, name):
        self.__dict__.setdefault("html", None)
        self.html = self.html or self.make()
        return getattr(self.html, name)


def check_where_it_stands(data, file, elsewhere, there, page, payload, taint):
    plain = lambda text: " ".join(text.lower().split())
    return plain(payload.payload) in plain(page.text) and check(data, file, elsewhere, there, page, payload, taint)


class Remembering(xss_utils.ConfigParser):
    """A reader that reads a file once."""

    known = {}

    def read_file(self, file, source=None):
        if file.name not in self.known:
            super().read_file(file, source)
            self.known[file.name] = (self._sections, self._proxies)
        self._sections, self._proxies = self.known[file.name]


apply = xss_utils.apply_context
xss_utils.apply_context = lambda context, payloads, mark: apply(context, payloads, mark)[::4]
check = xss_utils.check_payload
xss_utils.ConfigParser = Remembering
for module in (mod_xss, mod_permanentxss):
    module.Html, module.check_payload = Later, check_where_it_stands

# --- the modules, each in its time -------------------------------------------------------------------------------

began = time.monotonic()
waiting = dict(MODULES)
LINKS, FORMS = [], []


async def run_module(self, module):
    if not LINKS:
        # Once: this takes seconds, which no module should lose.
        LINKS.extend([pair async for pair in self.persister.get_links()])
        FORMS.extend([pair async for pair in self.persister.get_forms()])
    left = PLAN["seconds"] - (time.monotonic() - began)
    most = max(5.0, left * waiting[module.name] / sum(waiting.values()))
    del waiting[module.name]
    module_now.set(module.name)
    # Several things share this: that some are done, and which.
    self.tried = {"all": 0, "done": 0, "left": [], "varied": []}
    since, is_late = time.monotonic(), False
    try:
        await asyncio.wait_for(attack_all(self, module), most)
    except asyncio.TimeoutError:
        is_late = True
    if hasattr(module, "finish"):
        await module.finish()
    is_out = False
    if PLAN["door"]:
        is_out = (await send(module.crawler, Request(PLAN["door"]))).status != 200
    told.append(
        {"name": module.name, **self.tried, "sent": sent[module.name], "seconds": round(time.monotonic() - since),
         "late": is_late, "out": is_out, "lost": module.network_errors}
    )  # fmt: skip
    pathlib.Path(PLAN["told"]).write_text(json.dumps(told))


async def attack_all(self, module):
    work, known = [], {tuple(place) for name, place in PLAN["varied"] if name == module.name}
    links, forms = LINKS if module.do_get else [], FORMS if module.do_post else []
    # What people type into comes first. Script is put into forms first: what they store is what the last module looks for.
    resources = forms + links if module.name == "xss" else links + forms
    if module.name in BY_FIELD:
        resources.sort(key=lambda pair: not {place[-1] for place in places(pair[0])} & set(PLAN["typed"]))
    for request, response in resources:
        if module.name == "backup" and "{" in scan.shape(request.path):
            continue
        new = places(request) - known if module.name in BY_FIELD else None
        known |= new or set()
        if new or new is None:
            work.append((request, response, {place[-1] for place in places(request) - (new or set())} if new else set()))
    self.tried["all"] = len(work)
    if module.name == "permanentxss":
        await store_again(module)
    turn = asyncio.Semaphore(AT_ONCE[module.name])

    async def one(request, response, before):
        async with turn:
            varied.set(frozenset(before))
            try:
                if await module.must_attack(request, response):
                    await module.attack(request, response)
            except Exception as error:  # as wapiti does: one page must not end the scan
                print(f"[!] {module.name} at {request}: {error.__class__.__name__}: {error}")
            self.tried["done"] += 1
            self.tried["left"].remove(named(request))
            if module.name in ALIKE and scan.WHO.get(scan.shape(request.path)) == {"Anyone"}:
                self.tried["varied"] += places(request)

    self.tried["left"] = [named(request) for request, *_ in work]
    await asyncio.gather(*(one(*piece) for piece in work))


def named(request):
    method, shape, *_ = kind(request)
    return f"{method} {shape}"


# What follows a mark where it is stored: one of these standing as it was typed is enough to look closer.
SIGNS = "<'\">"


async def store_again(module):
    """Each form once more with a mark and signs in each of its free fields, alone and then in all of them at once: marks
    that came later overwrote those before them."""
    marks = collections.defaultdict(dict)
    for mark, (request, parameter) in mod_xss.ModuleXss.tried_xss.items():
        if request.method == "POST" and parameter.name in PLAN["typed"] and not STRICT.search(parameter.name):
            marks[request][parameter.name] = mark + SIGNS
    for request, changed in marks.items():
        alone = [{name: value} for name, value in changed.items()] if len(changed) > 1 else []
        for fields in [*alone, changed]:
            sent[module.name] += 1
            await send(module.crawler, with_new_token(request, fields))


look = mod_permanentxss.ModulePermanentxss.attack


async def look_closer(self, request, response=None):
    """A page is attacked with those marks that stand in it with a sign as it was typed."""
    page = (await self.crawler.async_send(Request(request.url))).content
    whole, self.tried_xss = self.tried_xss, {}
    for mark, (sender, parameter) in whole.items():
        if re.search(mark + "[" + SIGNS + "]", page, re.I) or (sender.method == "GET" and mark in page):
            self.tried_xss[mark] = (sender, parameter)
    try:
        if self.tried_xss:
            await look(self, request, response)
    finally:
        self.tried_xss = whole


mod_permanentxss.ModulePermanentxss.attack = look_closer
explorer.Explorer._async_analyze = analyze_one_of_each
Wapiti.browse = browse_from_forms
crawler.AsyncCrawler.async_send = send_counted
attacks.Mutator.mutate = mutate_what_is_new
Wapiti.run_attack_module = run_module
sys.argv += ["-m", ",".join(MODULES)]
wapiti_asyncio_wrapper()
