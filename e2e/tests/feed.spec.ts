// The feed: a post is on the author's screen at once and behind a pill on a friend's, nothing moves under the reader,
// and however long it is, one comes back to the line that one left.
import type { Page, Route } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { expectNoSidewaysScroll, look } from '../support/look.ts';
import type { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CY = account('Cyrus Marsh');
const SOON = { timeout: 5_000 };

/** Ben reads what Ada wrote: so many posts of all lengths. */
async function readers(hearth: Hearth, posts: number): Promise<{ adas: Api; bens: Api; ben: Person }> {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  for (let number = posts; number >= 1; number -= 1) {
    const lines = number % 7 === 0 ? 20 : number % 3;
    await adas.post(`Post ${number} of ${posts}.${'\nA line that makes it longer than the one before.'.repeat(lines)}`);
  }
  return { adas, bens, ben: await hearth.person(BEN) };
}

const top = (page: Page, place: number): Promise<number> =>
  page.locator(`[role=feed] > article[aria-posinset="${place}"]`).evaluate((one) => one.getBoundingClientRect().top);

const rows = (person: Person): Promise<number> => person.page.locator('[role=feed] > article').count();

test('a new post: at once for its author, a pill for a friend, nothing for others', async ({ hearth }) => {
  const { adas, ben } = await readers(hearth, 3);
  await Api.register(hearth.server, CY);
  const ada = await hearth.person(ADA);
  const cy = await hearth.person(CY);
  for (const one of [ada, ben, cy]) {
    await one.signIn();
  }
  await expect(ben.place(3)).toBeVisible();
  await cy.expectEmptyFeed();

  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  await ada.page.route('**/api/v1/posts', async (route: Route) => {
    await held;
    await route.continue();
  });
  const before = await top(ben.page, 1);
  await ada.write('Fresh bread at noon.');
  await ada.send();
  const card = ada.post('Fresh bread at noon.').card;
  await expect(card).toBeVisible({ timeout: 1_000 });
  await expect(card).not.toHaveAttribute('data-post');
  await expect(card.getByText('Posting…')).toBeAttached();
  await card.evaluate((one) => one.setAttribute('data-mark', 'the same one'));
  goOn();
  await expect(card, 'the server has it').toHaveAttribute('data-post', /^\d+$/);
  await expect(card, 'and it is still the same node').toHaveAttribute('data-mark', 'the same one');
  await expect(card.getByText('Posting…')).toHaveCount(0);

  const pill = ben.button('Show 1 new post');
  await expect(pill).toBeVisible(SOON);
  expect(await top(ben.page, 1), 'nothing moves').toBe(before);
  await expect(ben.post('Fresh bread at noon.').card).toHaveCount(0);
  await look(ben.page, 'feed-pill-at-top');
  await adas.post('And butter.');
  await expect(ben.button('Show 2 new posts')).toBeVisible(SOON);
  expect(await top(ben.page, 1), 'and stays').toBe(before);
  await ben.page.keyboard.press('.');
  await expect(ben.place(1)).toContainText('And butter.');
  await expect(ben.place(2)).toContainText('Fresh bread at noon.');
  await expect(ben.place(1)).toBeFocused();
  await expect(ben.page.getByRole('button', { name: /^Show \d+ new/ })).toHaveCount(0);
  await cy.expectEmptyFeed();
  await cy.page.reload();
  await cy.expectEmptyFeed();
});

test('one comes back to the line that one left, and the end says so', { tag: '@phone' }, async ({ hearth }) => {
  test.setTimeout(180_000);
  const { ben } = await readers(hearth, 200);
  await ben.signIn();
  await ben.readTo(87);
  await ben.place(87).evaluate((one) => window.scrollTo(0, window.scrollY + one.getBoundingClientRect().top - 203));
  const before = await top(ben.page, 87);
  expect(Math.round(before)).toBe(203);
  const text = await ben.place(87).innerText();
  await ben.place(87).locator('.post__time').click();
  await expect(ben.page).toHaveURL(/\/post\/\d+$/);
  await expect(ben.page.getByRole('article').first()).toContainText('Post 87 of 200.');
  await ben.page.goBack();
  await expect(ben.place(87)).toBeInViewport();
  expect(await ben.place(87).innerText()).toBe(text);
  await expect.poll(async () => Math.abs((await top(ben.page, 87)) - before), 'within two pixels').toBeLessThanOrEqual(2);
  await expect(ben.place(87).locator('.post__time'), 'and to the link').toBeFocused();
  await ben.page.waitForTimeout(1_200);
  expect(Math.abs((await top(ben.page, 87)) - before), 'and stays there').toBeLessThanOrEqual(2);
  await ben.page.goForward();
  await expect(ben.page.getByRole('article').first()).toContainText('Post 87 of 200.');
  await ben.page.goBack();
  await expect.poll(async () => Math.abs((await top(ben.page, 87)) - before)).toBeLessThanOrEqual(2);

  await ben.readTo(100);
  const older = ben.button('Show older posts');
  await expect(older, 'after five pages the reader decides').toBeVisible();
  expect(await rows(ben)).toBe(100);
  await expectNoSidewaysScroll(ben.page, 'a hundred posts');
  await older.click();
  await ben.readTo(200);
  await ben.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(ben.page.getByText(/^You're caught up to today, \d\d:\d\d$/)).toBeVisible();
  expect(await rows(ben)).toBeLessThanOrEqual(400);
  await expectNoSidewaysScroll(ben.page, 'the end of the feed');
});

test('a page that fails keeps what is there, and comes when it is asked for again', async ({ hearth }) => {
  const { ben } = await readers(hearth, 70);
  hearth.watch.expect(500, /^\/api\/v1\/feed$/);
  // Older pages that were asked for; the first of the feed may be asked for again at any time.
  let older = 0;
  await ben.page.route('**/api/v1/feed*', async (route: Route) => {
    older += route.request().url().includes('cursor=') ? 1 : 0;
    if (older === 2) {
      const body = JSON.stringify({ type: '/problems/internal', title: 'x', status: 500, code: 'internal' });
      return route.fulfill({ status: 500, contentType: 'application/problem+json', body });
    }
    return route.continue();
  });
  await ben.signIn();
  const failed = ben.page.getByRole('group', { name: "Couldn't load older posts." });
  await ben.readUntil(failed);
  await expect(failed).toBeVisible();
  expect(await rows(ben)).toBe(40);
  await look(ben.page, 'feed-page-failed');
  await ben.page.waitForTimeout(500);
  expect(older, 'it is not asked for again and again').toBe(2);
  const again = failed.getByRole('button', { name: 'Try again' });
  await again.hover();
  const before = await top(ben.page, 40);
  await again.click();
  await expect(ben.place(60)).toBeAttached();
  expect(Math.abs((await top(ben.page, 40)) - before)).toBeLessThanOrEqual(2);
  await ben.readTo(70);
  await expect(failed).toHaveCount(0);
});

test('without a connection it says what is shown, and goes on when there is one', async ({ hearth }) => {
  const { ben } = await readers(hearth, 45);
  hearth.watch.expectLostConnections();
  await ben.signIn();
  await expect(ben.place(20)).toBeAttached();
  await ben.page.context().setOffline(true);
  const line = ben.page.getByText(/^You're offline\. Showing posts from \d\d:\d\d\. Older ones load when you're back\.$/);
  await expect(line).toBeAttached({ timeout: 15_000 });
  await ben.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(line).toBeVisible();
  await look(ben.page, 'feed-offline');
  await ben.page.context().setOffline(false);
  await expect(line).toHaveCount(0, { timeout: 15_000 });
  await ben.readTo(45);
});

test('a very long feed is on the page in part, and what is read stays where it is', async ({ hearth }) => {
  test.setTimeout(240_000);
  const { ben } = await readers(hearth, 460);
  await ben.signIn();
  const older = ben.button('Show older posts');
  for (const place of [100, 200, 300, 400]) {
    await ben.readTo(place);
    await expect(older).toBeVisible();
    expect(await rows(ben)).toBe(place);
    if (place < 400) {
      await older.click();
    }
  }
  // A click goes to the button first: what is measured is measured there.
  await older.scrollIntoViewIfNeeded();
  const before = await top(ben.page, 400);
  await older.click();
  await expect(ben.place(420)).toBeAttached();
  await expect(ben.place(100)).toHaveCount(0);
  expect(Math.abs((await top(ben.page, 400)) - before), 'what goes above moves nothing').toBeLessThanOrEqual(2);
  expect(await rows(ben)).toBe(320);
  await ben.readTo(460);

  // Back to a place in the part that is on the page now.
  await ben.place(430).evaluate((one) => window.scrollTo(0, window.scrollY + one.getBoundingClientRect().top - 150));
  const left = await top(ben.page, 430);
  await ben.place(430).locator('.post__time').click();
  await expect(ben.page.getByRole('article').first()).toContainText('Post 430 of 460.');
  await ben.page.goBack();
  await expect.poll(async () => Math.abs((await top(ben.page, 430)) - left)).toBeLessThanOrEqual(2);

  // Upwards the posts that had gone come again.
  await expect(async () => {
    await ben.page.evaluate(() => window.scrollTo(0, 0));
    await expect(ben.place(1)).toBeAttached({ timeout: 500 });
  }).toPass({ timeout: 30_000, intervals: [100] });
  expect(await rows(ben)).toBeLessThanOrEqual(400);
  await ben.page.evaluate(() => window.scrollTo(0, 0));
  await expect(ben.place(1)).toBeInViewport();
});
