// What breaks between a page and the server mends by itself: whatever happens to the connection, nothing that was
// said is missing or doubled, what is on the screen stays, and nobody has to load the page anew.
import type { Page } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, chatRow, place, Talk } from '../support/chat.ts';
import { expectNotReloaded, mark } from '../support/live.ts';
import { look } from '../support/look.ts';
import { Person } from '../support/people.ts';
import type { Proxy } from '../support/proxy.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

const banner = (page: Page) => page.getByText('Reconnecting…');

/** Two friends; Ada has their chat open. */
async function chatting(hearth: Hearth, network?: Proxy, before?: (ada: Person) => Promise<void>) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  await talk.say(...Array.from({ length: 24 }, (_, index) => `Earlier ${index + 1}`));
  await talk.as(adas).read(24);
  hearth.watch.expectLostConnections();
  const ada = await hearth.person(ADA, network);
  await before?.(ada);
  await ada.signIn();
  const chat = await openChat(ada, talk, 'Ben');
  return { adas, bens, talk, ada, chat };
}

async function openChat(person: Person, talk: Talk, other: string): Promise<Chat> {
  await person.open(talk.path);
  const chat = new Chat(person, other);
  await chat.expectOpen();
  await mark(person.page);
  return chat;
}

/** The newest lines on the screen are those that the server has, each once. */
async function expectComplete(talk: Talk, ...chats: Chat[]): Promise<void> {
  const all = await talk.texts();
  const said = all.filter((text) => !text.startsWith('Earlier'));
  expect(new Set(said).size, 'nothing is there twice').toBe(said.length);
  for (const chat of chats) {
    await expect.poll(() => chat.texts()).toEqual(all);
  }
}

test('kill -9 and a new start while both have the chat open', async ({ hearth }) => {
  const { talk, ada, chat: hers } = await chatting(hearth);
  const ben = await hearth.person(BEN);
  await ben.signIn();
  const his = await openChat(ben, talk, 'Ada');
  await his.field().fill('Half a thought of Ben');
  await hers.send('Acknowledged before');
  await expect(his.message('Acknowledged before')).toBeVisible();
  // This one is written when it happens, and its answer is not: the server dies between the two.
  await ada.page.route('**/messages', async (route) => {
    await route.fetch();
    await hearth.server.kill();
    // The page may have given the request up by itself when the server went.
    await route.abort('connectionreset').catch(() => undefined);
  });
  await hers.send('Written, not answered');
  await expect.poll(() => hearth.server.isUp).toBe(false);
  const killed = Date.now();
  await ada.page.unroute('**/messages');
  await hers.send('Said to nobody');
  await hers.field().fill('Half a thought of Ada');
  await expect(banner(ada.page), 'a short break is not worth a word').toHaveCount(0);
  for (const page of [ada.page, ben.page]) {
    await expect(banner(page)).toBeVisible();
  }
  const after = Date.now() - killed;
  expect(after, 'the banner comes after 4 s').toBeGreaterThan(3_500);
  expect(after, 'the banner comes soon after 4 s').toBeLessThan(7_000);
  await expect(hers.message('Said to nobody')).toContainText('Waiting to send');
  await expect(hers.message('Earlier 24')).toBeVisible();
  await expect(his.message('Acknowledged before')).toBeVisible();
  await look(ada.page, 'chat-reconnecting');

  await hearth.server.up();
  for (const page of [ada.page, ben.page]) {
    await expect(banner(page), 'both come back by themselves').toHaveCount(0, { timeout: 20_000 });
  }
  for (const text of ['Written, not answered', 'Said to nobody']) {
    await expect(his.message(text)).toHaveCount(1, { timeout: 20_000 });
  }
  await expect(hers.log().getByText('Waiting to send')).toHaveCount(0);
  await expectComplete(talk, hers, his);
  const said = ['Acknowledged before', 'Written, not answered', 'Said to nobody'];
  expect((await talk.texts()).slice(-3), 'in the order in which it was said').toEqual(said);
  await expect(hers.field()).toHaveValue('Half a thought of Ada');
  await expect(his.field()).toHaveValue('Half a thought of Ben');

  await his.field().press('Enter');
  await expect(hers.message('Half a thought of Ben')).toBeVisible();
  await hers.field().press('Enter');
  await expect(his.message('Half a thought of Ada')).toBeVisible();
  await expect(hers.message('Half a thought of Ada').getByText(/^Seen/)).toBeVisible();
  await expectComplete(talk, hers, his);
  await expectNotReloaded(ada.page, ben.page);
});

test('a restart while somebody reads elsewhere loses no badge, no post and no request', async ({ hearth }) => {
  const { adas, bens, talk, ada, chat } = await chatting(hearth);
  await chat.leave();
  await ada.follow('Home');
  await expect(ada.prompt()).toBeVisible();
  await hearth.server.kill();
  await expect(banner(ada.page)).toBeVisible();
  await hearth.server.up();
  // All this happens before Ada's page is back, or after it; it must not make a difference.
  await talk.say('Said when she was away');
  await bens.post('Posted when she was away');
  const cy = await Api.register(hearth.server, account('Cyrus Marsh'));
  await cy.call('POST', '/friend-requests', { user_id: adas.id });
  await expect(place(ada.page, 'Chats', '1 unread chat')).toBeVisible({ timeout: 20_000 });
  await expect(place(ada.page, 'Friends', '1 friend request')).toBeVisible();
  await expect(ada.button('Show 1 new post').or(ada.post('Posted when she was away').card).first()).toBeVisible();
  await expect(banner(ada.page)).toHaveCount(0);
  await ada.follow(/^Chats/);
  await expect(chatRow(ada.page, BEN.name)).toContainText('Said when she was away');
  await expectNotReloaded(ada.page);
});

test('a connection that is cut again and again', async ({ hearth }) => {
  const network = await hearth.network();
  const { talk, ada, chat } = await chatting(hearth, network);
  await expect.poll(() => network.sockets).toBe(1);
  for (let round = 1; round <= 3; round += 1) {
    network.refuse();
    await talk.say(`Said in break ${round}`);
    await chat.send(`Answered in break ${round}`);
    network.mend();
    await expect(chat.message(`Said in break ${round}`)).toBeVisible({ timeout: 20_000 });
    await expect(chat.message(`Answered in break ${round}`).getByText('Sent')).toBeVisible({ timeout: 20_000 });
    await talk.say(`Live again ${round}`);
    await expect(chat.message(`Live again ${round}`)).toBeVisible();
  }
  await expectComplete(talk, chat);
  await expectNotReloaded(ada.page);
  await expect(banner(ada.page)).toHaveCount(0);
});

test('a connection that falls silent without breaking', async ({ hearth }) => {
  const network = await hearth.network();
  const { talk, ada, chat } = await chatting(hearth, network);
  await expect.poll(() => network.sockets).toBe(1);
  await chat.scrollTo(0);
  await chat.field().fill('Half a thought');
  network.freeze();
  const frozen = Date.now();
  await talk.say('Silence 1', 'Silence 2');
  // It asks every 25 s, waits 10 s for an answer, and says after 4 s that something is wrong.
  await expect(banner(ada.page)).toBeVisible({ timeout: 45_000 });
  test.info().annotations.push({ type: 'noticed after', description: `${Date.now() - frozen} ms` });
  await expect(chat.message('Silence 1')).toHaveCount(0);
  await expect(chat.message('Earlier 1'), 'the place in the log stays').toBeInViewport();
  await expect(chat.field()).toHaveValue('Half a thought');
  await chat.send('Said into the silence');
  await talk.say('Silence 3');
  network.mend();
  await expect(chat.message('Silence 3')).toHaveCount(1, { timeout: 35_000 });
  await expect(chat.message('Said into the silence').getByText('Sent')).toBeVisible({ timeout: 35_000 });
  await expectComplete(talk, chat);
  await expect(banner(ada.page)).toHaveCount(0);
  await talk.say('Live again');
  await expect(chat.message('Live again')).toBeVisible();
  await expectNotReloaded(ada.page);
});

test('a computer that slept for an hour', async ({ hearth }) => {
  const network = await hearth.network();
  const { talk, ada, chat } = await chatting(hearth, network, (ada) => ada.page.clock.install());
  await expect.poll(() => network.sockets).toBe(1);
  await chat.field().fill('Half a thought');
  const refreshes: number[] = [];
  ada.page.on('response', (response) => {
    if (new URL(response.url()).pathname === '/api/v1/auth/refresh') {
      refreshes.push(response.status());
    }
  });
  // While it sleeps the router forgets the connection: nobody says so to the page.
  network.forget();
  await talk.say('Asleep 1', 'Asleep 2', 'Asleep 3');
  await ada.page.clock.fastForward('01:00:00');
  await expect(chat.message('Asleep 3')).toHaveCount(1, { timeout: 15_000 });
  expect(refreshes, 'the token was too old').toEqual([200]);
  await expectComplete(talk, chat);
  await expect(chat.field()).toHaveValue('Half a thought');
  await talk.say('Live again');
  await expect(chat.message('Live again')).toBeVisible();
  await chat.field().press('Enter');
  await expect(chat.message('Half a thought').getByText('Sent')).toBeVisible();
  await expectComplete(talk, chat);
  await expect(banner(ada.page)).toHaveCount(0);
  await expectNotReloaded(ada.page);
});

test('a device without a network says so, and sends when it is back', async ({ hearth }) => {
  const { talk, ada, chat } = await chatting(hearth);
  await ada.page.context().setOffline(true);
  const words = ada.page.getByText("You're offline. Your messages will go out when you're back.");
  await expect(words).toBeVisible();
  await look(ada.page, 'chat-offline');
  await chat.send('Said without a network');
  await expect(chat.message('Said without a network')).toContainText('Waiting to send');
  await ada.page.context().setOffline(false);
  await expect(chat.message('Said without a network').getByText('Sent')).toBeVisible({ timeout: 20_000 });
  await expect(words).toHaveCount(0);
  await talk.say('Live again');
  await expect(chat.message('Live again')).toBeVisible();
  await expectComplete(talk, chat);
  await expectNotReloaded(ada.page);
});

test('what was written without a network outlives a reload, goes out in order, and once', async ({ hearth }) => {
  const network = await hearth.network();
  const { talk, ada, chat } = await chatting(hearth, network);
  await expect.poll(() => network.sockets).toBe(1);
  network.refuse();
  for (const text of ['First', 'Second', 'Third']) {
    await chat.send(text);
  }
  await expect(chat.message('Third')).toContainText('Waiting to send');
  // The page goes without a question, as when its browser dies. Two new ones begin at once, both with what was kept.
  const context = ada.page.context();
  await ada.page.close({ runBeforeUnload: false });
  network.mend();
  const one = new Person(await context.newPage(), ADA);
  const other = new Person(await context.newPage(), ADA);
  await Promise.all([one.open(talk.path), other.open(talk.path)]);
  const again = new Chat(one, 'Ben');
  for (const text of ['First', 'Second', 'Third']) {
    await expect(again.message(text)).toHaveCount(1);
  }
  await expect(again.message('Third').getByText('Sent')).toBeVisible({ timeout: 20_000 });
  expect((await talk.texts()).slice(-3)).toEqual(['First', 'Second', 'Third']);
  await one.page.reload();
  await again.expectOpen();
  await expect(again.log().locator('.msg--pending'), 'nothing is sent twice').toHaveCount(0);
  await expectComplete(talk, again);
});

test('signed out elsewhere: to the sign-in page, and back to where one was', async ({ hearth }) => {
  const { talk, ada, chat } = await chatting(hearth);
  const request = ada.page.waitForRequest((request) => request.headers().authorization !== undefined);
  await chat.leave();
  await ada.follow('Friends');
  const { authorization } = (await request).headers();
  await ada.follow('Chats');
  await chatRow(ada.page, BEN.name).getByRole('link').click();
  await chat.field().fill('Half a thought');
  const end = await fetch(`${hearth.server.url}/api/v1/auth/logout`, {
    method: 'POST',
    headers: { authorization: authorization ?? '', 'content-type': 'application/json' },
    body: '{}',
  });
  expect(end.status).toBe(204);
  await expect(ada.button('Sign in'), 'within five seconds').toBeVisible({ timeout: 5_000 });
  await expect(chat.log()).toHaveCount(0);
  await look(ada.page, 'signed-out-elsewhere');
  await ada.fillSignIn();
  await expect(ada.page).toHaveURL(talk.path);
  await chat.expectOpen();
  await expect(chat.field(), 'what was begun is still there').toHaveValue('Half a thought');
  await talk.say('Welcome back');
  await expect(chat.message('Welcome back')).toBeVisible();
});

test('a message that is refused for good says so, and can be discarded', async ({ hearth }) => {
  const network = await hearth.network();
  const { adas, bens, talk, ada, chat } = await chatting(hearth, network);
  await expect.poll(() => network.sockets).toBe(1);
  hearth.watch.expect(403, /^\/api\/v1\/conversations\/\d+\/messages$/);
  network.freeze();
  await bens.call('DELETE', `/friends/${adas.id}`);
  await chat.send('Too late');
  await chat.send('Much too late');
  network.mend();
  for (const text of ['Too late', 'Much too late']) {
    await expect(chat.message(text)).toContainText('Not sent. Try again');
  }
  await look(ada.page, 'chat-not-sent');
  await chat.message('Too late').getByRole('button', { name: 'Try again' }).click();
  await expect(chat.message('Too late'), 'it is refused again').toContainText('Not sent. Try again');
  // It waits for its writer: no page sends it by itself, also when the two are friends again.
  const other = await ada.page.context().newPage();
  await other.goto(talk.path);
  await expect(new Chat(other, 'Ben').message('Too late')).toContainText('Not sent. Try again');
  await other.close();
  for (const text of ['Too late', 'Much too late']) {
    await chat.message(text).getByRole('button', { name: 'Discard' }).click();
    await expect(chat.message(text)).toHaveCount(0);
  }
  await expect(ada.page.getByText("You and Ben aren't friends now")).toBeVisible();
  await expectComplete(talk, chat);
  await expectNotReloaded(ada.page);
});
