// Without a network: the programs start, what was read last can be read, what is written waits; and a new version
// waits for the person. Everywhere else service workers are blocked.
import { account, Api } from '../support/api.ts';
import { Chat, Talk } from '../support/chat.ts';
import { expectNotReloaded, mark } from '../support/live.ts';
import { look } from '../support/look.ts';
import { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';
import { Front, owners, saved, untilSaved, untilWorking } from '../support/worker.ts';

test.use({ serviceWorkers: 'allow' });

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

const SAVED_FROM = /Showing what was saved today, \d\d:\d\d\./;

/** Two friends with a conversation; Ada is signed in behind a network that can fail, and the worker stands behind
 * her page. */
async function friends(hearth: Hearth) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  await talk.say('Earlier 1', 'Earlier 2');
  hearth.watch.expectLostConnections();
  const network = await hearth.network();
  const ada = await hearth.person(ADA, network);
  await ada.signIn();
  await untilWorking(ada.page);
  return { adas, bens, talk, ada, network };
}

test('messages that are written without a network outlive a reload without a network', async ({ hearth }) => {
  const { talk, ada, network } = await friends(hearth);
  const ben = await hearth.person(BEN);
  await ben.signIn();
  await ben.open(talk.path);
  const his = new Chat(ben, 'Ada');
  await his.expectOpen();
  await ada.open(talk.path);
  const hers = new Chat(ada, 'Ben');
  await hers.expectOpen();
  await untilSaved(ada.page, `/conversations/${talk.id}`, `/conversations/${talk.id}/messages`);
  await expect.poll(() => network.sockets).toBe(1);

  network.refuse();
  const cut = Date.now();
  const banner = ada.page.locator('.banner');
  const said = ['First', 'Second', 'Third'];
  for (const text of said) {
    await hers.send(text);
  }
  await expect(hers.message('Third')).toContainText('Waiting to send');
  await expect(banner).toContainText('Reconnecting…');
  expect(Date.now() - cut, 'the banner comes after 4 s').toBeGreaterThan(3_500);

  await ada.page.reload();
  await hers.expectOpen();
  await expect(hers.message('Earlier 2')).toBeVisible();
  for (const text of said) {
    await expect(hers.message(text)).toHaveCount(1);
    await expect(hers.message(text)).toContainText('Waiting to send');
  }
  await expect(banner).toContainText(SAVED_FROM);
  await look(ada.page, 'chat-saved');
  await mark(ada.page);
  await talk.say('Said meanwhile');
  await expect(his.message('Said meanwhile')).toBeVisible();
  await expect(his.message('First')).toHaveCount(0);

  network.mend();
  const all = ['Earlier 1', 'Earlier 2', 'Said meanwhile', ...said];
  await expect.poll(() => talk.texts(), { message: 'once each, in order', timeout: 60_000 }).toEqual(all);
  await expect(hers.log().getByText('Waiting to send')).toHaveCount(0);
  await expect(banner).toHaveCount(0);
  for (const chat of [hers, his]) {
    await expect.poll(() => chat.texts()).toEqual(all);
  }
  await talk.say('Live again');
  await expect(hers.message('Live again')).toBeVisible();
  await expectNotReloaded(ada.page);
});

test('a start without a network shows what was saved, and catches up', async ({ hearth }) => {
  const { bens, talk, ada, network } = await friends(hearth);
  await bens.post('Posted before the break');
  await ada.open('/chats');
  await expect(ada.page.getByRole('region', { name: 'Your chats' }).getByText(BEN.name)).toBeVisible();
  await ada.open('/');
  await expect(ada.post('Posted before the break').card).toBeVisible();
  await untilSaved(ada.page, '/feed', '/conversations', '/friend-requests');
  const context = ada.page.context();
  await ada.page.close();

  network.refuse();
  await context.setOffline(true);
  const again = new Person(await context.newPage(), ADA);
  await again.page.goto('/');
  await expect(again.post('Posted before the break').card).toBeVisible({ timeout: 20_000 });
  const banner = again.page.locator('.banner');
  await expect(banner).toContainText("You're offline.");
  await expect(banner).toContainText(SAVED_FROM);
  await look(again.page, 'feed-saved');
  await mark(again.page);
  // It can be read and not be changed.
  const post = again.post('Posted before the break');
  await post.like().click();
  await again.toast(/connection/i);
  await post.expectLiked(false);
  await again.follow(/^Chats/);
  await expect(again.page.getByRole('region', { name: 'Your chats' }).getByText(BEN.name)).toBeVisible();
  await again.follow('Home');

  // All this happens while she is away.
  await bens.post('Posted in the break');
  await talk.say('Said in the break');
  network.mend();
  await context.setOffline(false);
  await expect(banner).toHaveCount(0, { timeout: 60_000 });
  await again.button('Show 1 new post').click();
  await expect(again.post('Posted in the break').card).toBeVisible();
  await expect(again.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Chats ?, 1/ })).toBeVisible();
  await post.like().click();
  await post.expectLiked(true, 1);
  await expectNotReloaded(again.page);

  // The second program starts without a network, too.
  await untilSaved(again.page, '/feed');
  network.refuse();
  await again.page.goto('/settings/appearance');
  await expect(again.heading('Appearance')).toBeVisible({ timeout: 20_000 });
});

test('signing out without a network leaves nothing behind', async ({ hearth }) => {
  const { bens, talk, ada, network } = await friends(hearth);
  await bens.post('Only for friends');
  await ada.open(talk.path);
  await new Chat(ada, 'Ben').expectOpen();
  await ada.open('/');
  await expect(ada.post('Only for friends').card).toBeVisible();
  await untilSaved(ada.page, '/feed', `/conversations/${talk.id}`, `/conversations/${talk.id}/messages`);
  expect(await ada.page.evaluate(() => Object.values(localStorage).join(' ')), 'no token is kept').not.toMatch(/eyJ/);

  network.refuse();
  await ada.page.getByRole('button', { name: /^Account menu/ }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await expect.poll(() => saved(ada.page)).toEqual([]);
  const kept = await ada.page.evaluate(() => JSON.stringify(localStorage));
  expect(kept, 'not even who was here').not.toContain(ADA.username);
  await ada.page.goto('/');
  await ada.expectSignedOut();
  expect(await saved(ada.page)).toEqual([]);

  // Another person finds nothing of the first.
  network.mend();
  const ben = new Person(ada.page, BEN);
  await ben.fillSignIn();
  await ben.expectHome();
  await ben.page.reload();
  await ben.expectHome();
  await untilSaved(ben.page, '/feed');
  expect(await owners(ben.page)).toEqual([bens.id]);
});

test('a new version waits until it is asked for, and what was begun stays', async ({ hearth }) => {
  const { talk, ada: first } = await friends(hearth);
  await first.page.close();
  const front = await Front.start(hearth.server.port);
  hearth.watch.allow(front.url);
  try {
    const context = await first.page.context().browser()!.newContext({ baseURL: front.url, serviceWorkers: 'allow' });
    await hearth.watch.follow(context, ADA.name);
    const ada = new Person(await context.newPage(), ADA);
    await ada.signIn();
    await untilWorking(ada.page);
    const other = await context.newPage();
    await other.goto(talk.path);
    const there = new Chat(other, 'Ben');
    await there.expectOpen();
    await mark(other);
    await there.field().fill('Half a thought');
    await ada.write('Half a post');
    await mark(ada.page);

    front.release();
    // As the browser does by itself from time to time.
    await ada.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    const offer = (page = ada.page) => page.getByText('A new version of Hearth is ready.');
    await expect(offer()).toBeVisible({ timeout: 30_000 });
    await expect(offer(other)).toBeVisible();
    await expectNotReloaded(ada.page, other);
    await look(other, 'new-version');
    await ada.page.keyboard.press('Escape');
    await ada.button('Keep draft').click();
    await expect(ada.composer()).toBeHidden();
    await Promise.all([ada.page.waitForEvent('load'), ada.button('Reload').click()]);
    await ada.expectHome();
    await expect(offer()).toHaveCount(0);
    await ada.prompt().click();
    await expect(ada.composerText()).toHaveValue('Half a post');
    const shells = () => ada.page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('hearth-shell-')));
    expect(await shells(), 'the other page may need what it was made of').toHaveLength(2);

    // The other tab was not disturbed, goes on, and follows when it is asked to.
    await expectNotReloaded(other);
    await expect(there.field()).toHaveValue('Half a thought');
    await there.field().press('Enter');
    await expect(there.message('Half a thought').getByText('Sent')).toBeVisible();
    await there.field().fill('Another one');
    await Promise.all([other.waitForEvent('load'), other.getByRole('button', { name: 'Reload' }).click()]);
    await there.expectOpen();
    await expect(there.field()).toHaveValue('Another one');
    await context.close();
  } finally {
    await front.close();
  }
});
