// What people write is text and never markup: every trick of `support/xss.ts` in every text and name, shown in a real
// browser on the pages that show it. No dialog, no request to another host, no breach of the page's policy, no error,
// no element or address that came out of a text; and each trick can be read as it was written.
import { randomUUID } from 'node:crypto';
import { account, Api } from '../support/api.ts';
import type { Person } from '../support/people.ts';
import { png } from '../support/picture.ts';
import { expect, test, type Hearth } from '../support/test.ts';
import { PAYLOADS, REFUSED, expectOnlyText, judge, lines, packed, seen, walk } from '../support/xss.ts';

const ADA = account('Ada Okoye');
const MALLORY = account('Mallory Stone');
const TEXTS = packed(700);

test.setTimeout(300_000);

/** Mallory is a friend of Ada, who looks. */
async function two(hearth: Hearth): Promise<{ adas: Api; mallorys: Api; ada: Person }> {
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(200);
  expect(new Set(PAYLOADS).size, 'each trick once').toBe(PAYLOADS.length);
  const adas = await Api.register(hearth.server, ADA);
  const mallorys = await Api.register(hearth.server, MALLORY);
  await adas.befriend(mallorys);
  const ada = await hearth.person(ADA);
  await judge(ada.page);
  return { adas, mallorys, ada };
}

/** Each of these texts can be read in one of the elements that a selector finds. */
async function expectRead(person: Person, selector: string, texts: readonly string[], where: string): Promise<void> {
  await expect
    .poll(async () => {
      const shown = (await person.page.locator(selector).allTextContents()).map(seen).join('\n');
      return texts.filter((text) => !shown.includes(seen(text)));
    }, `not to be read: ${where}`)
    .toEqual([]);
  await expectOnlyText(person.page, where);
}

test('in posts, comments, replies, shares, descriptions and their history', async ({ hearth }) => {
  const { adas, mallorys, ada } = await two(hearth);
  const comment = (post: string, body: string, parent_id?: string) =>
    mallorys.call<{ id: string }>('POST', `/posts/${post}/comments`, { client_id: randomUUID(), body, parent_id });
  const own = await adas.post('What do you think?');
  const parent = await comment(own, 'A comment that is answered');
  for (const [index, text] of TEXTS.entries()) {
    await comment(own, text);
    await comment(own, text, parent.id);
    const shared = { client_id: randomUUID(), body: text, audience: 'friends' };
    if (index % 2 === 0) {
      await mallorys.call('POST', `/posts/${own}/share`, shared);
    } else {
      await mallorys.post(text);
    }
  }
  const changed = await mallorys.post(TEXTS[0] ?? '');
  for (const text of TEXTS.slice(1, 5)) {
    await mallorys.call('PATCH', `/posts/${changed}`, { body: text });
  }
  const named = lines(100)[3] ?? '';
  const descriptions = packed(900);
  const pictures: string[] = [];
  for (const text of descriptions) {
    pictures.push((await mallorys.upload<{ id: string }>('POST', '/media', png(60, 40, [90, 120, 60]), `${named}.png`, text)).id);
  }
  const album: string[] = [];
  for (let start = 0; start < pictures.length; start += 10) {
    const media_ids = pictures.slice(start, start + 10);
    album.push((await mallorys.call<{ id: string }>('POST', '/posts', { client_id: randomUUID(), body: '', audience: 'friends', media_ids })).id);
  }
  const note = TEXTS[1] ?? '';
  await mallorys.call('POST', '/reports', { subject: { kind: 'post', id: own }, reason: 'other', note });

  await ada.signIn();
  await expectRead(ada, '.post__body', TEXTS.slice(-15), 'the feed');
  await ada.open('/u/mallory');
  await ada.readTo(20);
  await expectRead(ada, '.post__body', TEXTS.slice(-15), 'her page');
  await ada.open(`/post/${own}`);
  const earlier = ada.page.getByRole('button', { name: /^View \d+ earlier comments?$/ });
  // A post's own page begins with a hundred; there may be none before them.
  await expect(ada.page.locator('.cmt__text').first()).toBeVisible();
  await expect(async () => {
    if ((await earlier.count()) > 0) {
      await earlier.click({ timeout: 500 });
    }
    await expect(earlier).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await ada.page.getByRole('button', { name: /^Show \d+ replies$/ }).click();
  await expectRead(ada, '.cmt__text', TEXTS, 'comments and replies');
  await ada.open(`/post/${changed}`);
  await ada.page.getByRole('article').getByRole('button', { name: /^Edited/ }).click();
  await expectRead(ada, '.history__text', TEXTS.slice(0, 5), 'the history');
  for (const id of album) {
    await ada.open(`/post/${id}`);
    await expectOnlyText(ada.page, 'pictures');
  }
  await ada.page.getByRole('article').locator('img[alt]').last().click();
  await expectOnlyText(ada.page, 'the viewer');
  await ada.open('/activity');
  await expect(ada.page.getByRole('main').getByText('Mallory Stone').first()).toBeVisible();
  await expectOnlyText(ada.page, 'the activity');
});

test('in names and profiles', async ({ hearth }) => {
  const { adas, mallorys, ada } = await two(hearth);
  const others: Api[] = [mallorys];
  for (const name of ['Mara', 'Milo', 'Mina', 'Moss', 'Muir']) {
    const other = await Api.register(hearth.server, account(`${name} Stone`));
    await other.befriend(adas);
    others.push(other);
  }
  const usernames = ['mallory', 'mara', 'milo', 'mina', 'moss', 'muir'];
  await mallorys.post('Named so.');
  const talk = await mallorys.call<{ id: string }>('POST', '/conversations', { kind: 'direct', user_id: adas.id });
  // A conversation without a word is in nobody's list.
  await mallorys.call('POST', `/conversations/${talk.id}/messages`, { client_id: randomUUID(), body: 'Hello' });

  await test.step('addresses that are no web addresses are refused', async () => {
    for (const website of PAYLOADS) {
      const status = await mallorys.status('/users/me', 'PATCH', { website });
      expect([200, 422], website).toContain(status);
      expect(status === 200 && !/^https?:\/\//.test(website), website).toBe(false);
    }
  });

  await test.step('what people say of themselves', async () => {
    const fields = lines(100, true);
    const bios = packed(160);
    const audiences = { location: 'everyone', work: 'everyone', education: 'everyone', pronouns: 'everyone' };
    while (fields.length > 0 || bios.length > 0) {
      const said = new Map<string, string[]>();
      for (const [index, other] of others.entries()) {
        const [location = '', work = '', education = '', pronouns = ''] = fields.splice(0, 4);
        const bio = bios.shift() ?? '';
        await other.call('PATCH', '/users/me', { location, work, education, pronouns, bio, audiences });
        said.set(usernames[index] ?? '', [location, work, education, pronouns, bio]);
      }
      if (!ada.page.url().startsWith('http')) {
        await ada.signIn();
      }
      for (const [username, texts] of said) {
        await walk(ada.page, 'main .profile__facts span', [{ path: `/u/${username}/about`, text: `@${username}` }]);
        await expectRead(ada, 'main', texts.filter((text) => text !== ''), `the page of ${username}`);
      }
    }
  });

  await test.step('names', async () => {
    const names = lines(60);
    for (let start = 0; start < names.length; start += others.length) {
      const round = names.slice(start, start + others.length);
      for (const [index, display_name] of round.entries()) {
        await others[index]?.call('PATCH', '/users/me', { display_name });
      }
      await ada.open('/friends');
      await expectRead(ada, 'main .person', round, 'the list of friends');
    }
    const name = '"><img src=x onerror=alert(1)>';
    await mallorys.call('PATCH', '/users/me', { display_name: name });
    const post = await adas.post('Hello @mallory');
    await mallorys.call('POST', `/posts/${post}/comments`, { client_id: randomUUID(), body: 'Hello' });
    await mallorys.call('PUT', `/posts/${post}/reaction`, { kind: 'like' });
    for (const path of ['/', `/post/${post}`, '/u/mallory', '/friends', '/friends/find?q=mallory', '/search?q=mallory', '/chats', '/activity']) {
      await ada.open(path);
      await expectRead(ada, 'body', [name], path);
    }
    await adas.call('PUT', `/mutes/${mallorys.id}`);
    await ada.open('/settings/muted');
    await expectRead(ada, 'main', [name], 'muted people');
    await adas.call('PUT', `/blocks/${mallorys.id}`);
    await ada.open('/settings/blocked');
    await expectRead(ada, 'main', [name], 'blocked people');
  });
});

test('in the notes of invitations', async ({ hearth }) => {
  const { adas, ada } = await two(hearth);
  const notes = lines(100, true);
  for (const note of notes.slice(0, 20)) {
    await adas.call('POST', '/auth/invitations', { note });
  }
  // Their section is only there where members invite.
  await ada.page.route('**/api/v1/instance', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), registration: 'invite' } });
  });
  await ada.signIn();
  await ada.open('/settings/invitations');
  await expectRead(ada, 'main', notes.slice(0, 20), 'the invitations');
});

test('in messages', async ({ hearth }) => {
  const { adas, mallorys, ada } = await two(hearth);
  const chat = await mallorys.call<{ id: string }>('POST', '/conversations', { kind: 'direct', user_id: adas.id });
  for (const body of TEXTS) {
    await mallorys.call('POST', `/conversations/${chat.id}/messages`, { client_id: randomUUID(), body });
  }
  await ada.signIn();
  await ada.open(`/chats/${chat.id}`);
  await expectRead(ada, '.bub', TEXTS, 'a chat');
  await ada.open('/chats');
  await expectOnlyText(ada.page, 'the list of chats');
});

test('in addresses: what is looked for, and hashtags', async ({ hearth }) => {
  const { mallorys, ada } = await two(hearth);
  for (const text of TEXTS.slice(0, 4)) {
    await mallorys.post(text);
  }
  await ada.signIn();
  const stops = (path: string, mark: string, max: number) =>
    [...PAYLOADS, ...REFUSED]
      .filter((one) => [...one].length <= max)
      .map((one) => ({ path: `${path}${encodeURIComponent(one)}`, text: `${mark}${one}` }));
  expect(await walk(ada.page, 'main h1', stops('/tag/', '#', 300))).toEqual([]);
  await ada.open('/search');
  // A field of one line leaves out the ends of lines.
  hearth.watch.expect(422, /^\/api\/v1\/(search|users)$/);
  const searches = stops('/search?q=', '', 100).map(({ path, text }) => ({ path, text: text.trim().replace(/[\n\r]/g, '') }));
  expect(await walk(ada.page, '[data-seek]', searches)).toEqual([]);
  for (const query of ['"><svg onload=alert(1)>', 'javascript:alert(1)', '{{7*7}}']) {
    await ada.open(`/friends/find?q=${encodeURIComponent(query)}`);
    await expectOnlyText(ada.page, `people called ${query}`);
    await ada.page.goto(`/login?next=${encodeURIComponent(query)}`);
    await ada.expectHome();
  }
});

test('characters that no text may have are refused', async ({ hearth }) => {
  const { mallorys } = await two(hearth);
  for (const body of REFUSED) {
    expect(await mallorys.status('/posts', 'POST', { client_id: randomUUID(), body, audience: 'friends' }), JSON.stringify(body)).toBe(422);
    expect(await mallorys.status('/users/me', 'PATCH', { display_name: body }), JSON.stringify(body)).toBe(422);
  }
});
