// Hearth's service worker: the programs start without a network, and what was read last can be read again.
//
// The first line of what is served is written by xtask/src/worker.rs when the client is built:
//   const SHELL = { version, files, second };
// `files` are what both programs are made of, `version` is a hash over them, `second` are the first parts of the
// addresses that the second program shows.
//
// Three kinds of requests are answered here, and no other is touched:
//   pages    from the network; when it is slow or away, as they were kept.
//   files    as they were kept: their names change with what is in them.
//   answers  of the few reads below, from the network; when it is away, as they were when they last came, and they say
//            when that was. They belong to one person and go with them. No token is ever kept.
//
// Besides, it shows what the server tells this browser of while no page is looked at (web push). What comes was sealed for
// this browser, says of which subject it is and of which version of it, and is shown once.
//
// A new version is fetched beside the one that is used, and waits. It takes over when no page is open any more, or
// when the person asks for it; never by itself, because a page that is open needs the files it was made for.
'use strict';

const SHELL_PREFIX = 'hearth-shell-';
const SAVED_PREFIX = 'hearth-saved-';
const SHELL_CACHE = SHELL_PREFIX + SHELL.version;
// Of each version its own: another version may expect other answers.
const SAVED_CACHE = SAVED_PREFIX + SHELL.version;

// A page that takes longer than this is shown as it was kept.
const PATIENCE_MILLIS = 2500;

const API = '/api/v1';
// When an answer was saved, for the page that shows it, and whose it is.
const SAVED_AT = 'x-hearth-saved';
const PERSON = 'x-hearth-person';

// The reads whose answers are saved, and how many of each. A test compares them with the operations of the API.
const SAVED_READS = [
  ['/feed', 1],
  ['/conversations', 1],
  ['/conversations/{conversation_id}', 30],
  ['/conversations/{conversation_id}/messages', 30],
  ['/friends', 1],
  ['/friend-requests', 2],
  ['/notifications', 3],
  ['/users/me', 1],
  ['/users/me/group-invitations', 1],
].map(([path, most]) => ({ most, matches: new RegExp(`^${API}${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
// Only the newest page of a list is saved, and nothing that somebody searched for.
const NOT_SAVED = ['cursor', 'before', 'after', 'around', 'q'];

// What was shown last of each subject that was told of.
const TOLD_CACHE = 'hearth-told';
const TOLD_MOST = 100;
// Safari takes the permission away from whoever is told something and shows nothing.
const ALWAYS_SHOWS = /AppleWebKit/.test(self.navigator.userAgent) && !/Chrom/.test(self.navigator.userAgent);

// What is told is shown one after the other, so that nothing is shown twice.
let telling = Promise.resolve();

// Grows when what is saved is forgotten: an answer that was on its way by then is not saved any more.
let turn = 0;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('message', (event) => {
  if (event.data === 'hello') {
    // A page asks what this version is made of.
    event.source.postMessage(SHELL.files);
  } else if (event.data === 'take-over') {
    event.waitUntil(self.skipWaiting());
  } else if (event.data === 'forget') {
    event.waitUntil(forget());
  } else if (/^[cn]\d*$/.test(event.data)) {
    event.waitUntil(readThere(event.data));
  }
});

self.addEventListener('push', (event) => {
  telling = telling.then(() => told(event.data)).catch(() => undefined);
  event.waitUntil(telling);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(Promise.all([go(event.notification), count()]));
});

self.addEventListener('notificationclose', (event) => event.waitUntil(count()));

self.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(subscribeAgain(event)));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) {
    return;
  }
  const path = url.pathname;
  if (request.method === 'POST') {
    if (path === `${API}/auth/refresh`) {
      event.respondWith(refresh(request));
    } else if ([`${API}/auth/login`, `${API}/auth/register`, `${API}/auth/logout`].includes(path)) {
      // Also when the request itself gets nowhere.
      event.waitUntil(forget());
    }
  } else if (request.method !== 'GET') {
    return;
  } else if (path === '/api' || path.startsWith('/api/')) {
    const read = SAVED_READS.find((read) => read.matches.test(path));
    if (read && request.headers.has(PERSON) && !NOT_SAVED.some((name) => url.searchParams.has(name))) {
      event.respondWith(answer(event, read, keyOf(url)));
    }
  } else if (request.mode === 'navigate') {
    if (!isFile(path)) {
      event.respondWith(page(request, path));
    }
  } else if (isFile(path)) {
    event.respondWith(file(request, path));
  }
});

// The shell

async function install() {
  const cache = await caches.open(SHELL_CACHE);
  // The pages keep their names, so they are asked for anew; all others are what they were under the same name.
  const wanted = SHELL.files.map((path) => new Request(path, path.endsWith('.html') ? { cache: 'reload' } : {}));
  await cache.addAll(wanted);
  await completePages(cache);
  for (const open of await pages()) {
    open.postMessage(SHELL.files);
  }
}

// Behind several nodes, of which some are newer than others, the pages may come from another one than this script: what
// they are made of is kept, too.
async function completePages(cache) {
  for (const path of SHELL.files.filter((path) => path.endsWith('.html'))) {
    const page = await named(cache, path);
    await cache.addAll(page);
    // A script names the parts that come later.
    for (const script of page.filter((name) => name.endsWith('.js'))) {
      await cache.addAll(await named(cache, script));
    }
  }
}

// What a kept file names and this version is not made of.
async function named(cache, path) {
  const text = await (await cache.match(path, { ignoreVary: true })).text();
  const names = new Set(text.match(/\/[\w-]+-[0-9a-f]{16}\w*\.(?:js|wasm|css)/g));
  return [...names].filter((name) => !SHELL.files.includes(name));
}

async function activate() {
  const names = await caches.keys();
  const shells = names.filter((name) => name.startsWith(SHELL_PREFIX) && name !== SHELL_CACHE);
  const saved = names.filter((name) => name.startsWith(SAVED_PREFIX) && name !== SAVED_CACHE);
  // Beside the page that asked for this version another one is open; it may still need what it was made of.
  if ((await pages()).length > 1) {
    shells.pop();
  }
  await Promise.all([...shells, ...saved].map((name) => caches.delete(name)));
  // What the first page reads is saved, too.
  await self.clients.claim();
}

function pages() {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

function isFile(path) {
  return path.slice(path.lastIndexOf('/')).includes('.');
}

async function page(request, path) {
  const network = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS));
  const first = await Promise.race([network, late]).catch(() => undefined);
  // A proxy says 502 or the like while the server is away.
  if (first && first.status < 500) {
    return first;
  }
  const name = SHELL.second.includes(path.split('/')[1]) ? '/settings.html' : '/index.html';
  return (await kept(name, { cacheName: SHELL_CACHE, ignoreVary: true })) ?? network;
}

async function file(request, path) {
  const found =
    (await kept(path, { cacheName: SHELL_CACHE, ignoreVary: true })) ??
    // Of the version before, for a page that is still open.
    (await kept(path, { ignoreVary: true }));
  return found ?? fetch(request);
}

// A browser may refuse what it keeps; that must not take a network away that works.
function kept(what, where) {
  return caches.match(what, where).catch(() => undefined);
}

// Saved answers

async function answer(event, read, key) {
  const { request } = event;
  const person = request.headers.get(PERSON);
  // A page that could not find out whether the person is still signed in asks for no more than this.
  if (request.cache === 'only-if-cached') {
    return (await saved(key, person)) ?? Response.error();
  }
  const begun = turn;
  let fresh;
  try {
    fresh = await fetch(request);
  } catch (failure) {
    const old = await saved(key, person);
    if (old) {
      return old;
    }
    throw failure;
  }
  if (fresh.status === 200 && isJson(fresh)) {
    event.waitUntil(save(read, key, person, fresh.clone(), begun));
  } else if (isJson(fresh) && (fresh.status === 403 || fresh.status === 404)) {
    event.waitUntil(caches.open(SAVED_CACHE).then((cache) => cache.delete(key)));
  } else if (fresh.status > 501 && !isJson(fresh)) {
    // A proxy speaks for a server that is away.
    return (await saved(key, person)) ?? fresh;
  }
  return fresh;
}

// Not the page of a hotel that wants to be paid first.
function isJson(fresh) {
  return /^application\/(problem\+)?json/.test(fresh.headers.get('content-type') ?? '');
}

// How many messages are asked for depends on how many are unread; any number of the newest will do.
function keyOf(url) {
  const key = new URL(url);
  key.searchParams.delete('limit');
  return key.href;
}

async function saved(key, person) {
  const old = await kept(key, { cacheName: SAVED_CACHE });
  return old?.headers.get(PERSON) === person ? old : undefined;
}

async function save(read, key, person, fresh, begun) {
  const headers = { 'content-type': 'application/json', [SAVED_AT]: String(Date.now()), [PERSON]: person };
  const copy = new Response(await fresh.blob(), { headers });
  if (begun !== turn) {
    return;
  }
  const cache = await caches.open(SAVED_CACHE);
  await cache.put(key, copy);
  const same = (await cache.keys()).filter((one) => read.matches.test(new URL(one.url).pathname));
  // The oldest come first.
  await Promise.all(same.slice(0, -read.most).map((one) => cache.delete(one)));
}

async function refresh(request) {
  const fresh = await fetch(request);
  try {
    if (isJson(fresh) && (fresh.status === 401 || fresh.status === 403)) {
      await forget();
    } else if (fresh.ok && isJson(fresh)) {
      await keepFor(fresh.clone());
    }
  } catch {
    // The answer counts: the token that it brings is the only one that is good.
  }
  return fresh;
}

// What is saved stays when it is this person's.
async function keepFor(session) {
  const { user } = await session.json();
  if (!(await caches.has(SAVED_CACHE))) {
    return;
  }
  const cache = await caches.open(SAVED_CACHE);
  for (const one of await cache.keys()) {
    if ((await cache.match(one))?.headers.get(PERSON) !== user.id) {
      await forget();
      return;
    }
  }
}

async function forget() {
  turn += 1;
  const names = (await caches.keys()).filter((name) => name.startsWith(SAVED_PREFIX));
  await Promise.all([...names.map((name) => caches.delete(name)), tellNoMore().catch(() => undefined)]);
}

// What is told

async function told(data) {
  const { title, body, tag, version, path, at } = data.json();
  const cache = await caches.open(TOLD_CACHE);
  const key = `/told/${tag}`;
  const known = await cache.match(key);
  // The server may say a thing twice, and something older after something newer.
  const again = known !== undefined && Number(await known.text()) >= version;
  // A test is asked for on a page that is looked at.
  const looked =
    tag !== 'test' && (await pages()).some((page) => page.focused && page.visibilityState === 'visible');
  if (again && !ALWAYS_SHOWS) {
    return;
  }
  if (!looked || ALWAYS_SHOWS) {
    const silent = looked || again;
    await self.registration.showNotification(title, {
      body,
      tag,
      silent,
      renotify: !silent,
      timestamp: at,
      icon: '/icon-512.png',
      data: { path },
    });
  }
  await cache.delete(key);
  await cache.put(key, new Response(String(version)));
  // The oldest come first.
  await Promise.all((await cache.keys()).slice(0, -TOLD_MOST).map((one) => cache.delete(one)));
  await count();
}

// The number at the icon of the app is that of what is shown: so it is right without anybody's asking the server.
async function count() {
  const number = (await self.registration.getNotifications()).length;
  await self.navigator.setAppBadge?.(number);
}

// What is shown of what was read in a page is not needed any more: that under a tag, or with `n` all that Activity has.
async function readThere(tag) {
  const all = await self.registration.getNotifications();
  const read = all.filter((shown) => shown.tag === tag || (tag === 'n' && shown.tag.startsWith(tag)));
  if (read.length > 0) {
    read.forEach((shown) => shown.close());
    await self.navigator.setAppBadge?.(all.length - read.length);
  }
}

// To a page of ours and nowhere else: an open one goes there without loading anything anew.
async function go({ tag, data }) {
  const url = new URL(data?.path ?? '/', self.location.origin);
  if (url.origin !== self.location.origin) {
    return;
  }
  // What Activity has was read by that, and only a page can say so. A chat says by itself what was read in it.
  const address = url.pathname + url.search + (tag.startsWith('n') ? `#${tag}` : url.hash);
  const open = await pages();
  const page = open.find((page) => page.focused) ?? open.find((page) => page.visibilityState === 'visible') ?? open[0];
  if (page === undefined) {
    await self.clients.openWindow(address);
    return;
  }
  page.postMessage({ go: address });
  // A browser may not want to be brought to the front.
  await page.focus().catch(() => undefined);
}

// The browser has another address now. A page says so to the server, which this script cannot: it has no token.
async function subscribeAgain(event) {
  const options = event.oldSubscription?.options;
  if (!event.newSubscription && options?.applicationServerKey) {
    await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: options.applicationServerKey });
  }
}

// Whoever was told here is gone, and nothing of what they were told stays on the screen.
async function tellNoMore() {
  await caches.delete(TOLD_CACHE);
  (await self.registration.getNotifications()).forEach((shown) => shown.close());
  await self.navigator.clearAppBadge?.();
  await (await self.registration.pushManager?.getSubscription())?.unsubscribe();
}
