// The palette: from anywhere to people, groups, posts and messages, by the keyboard alone, and on a phone.
import { randomUUID } from 'node:crypto';
import type { Route } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, Talk } from '../support/chat.ts';
import { expectAccessible, look } from '../support/look.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Lakshmi Lindqvist');
const STRANGER = account('Lakota Ames');

/** Ada has a friend, a group, posts and messages that are called alike; and there is somebody else's. */
async function world(hearth: Hearth) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  const others = await Api.register(hearth.server, STRANGER);
  await adas.befriend(bens);
  const group = (title: string, visibility: string) => ({ client_id: randomUUID(), title, visibility, history: 'all' });
  const mine = await adas.call<{ id: string }>('POST', '/groups', group('Lake walks', 'private'));
  await others.call('POST', '/groups', group('Lake swimmers', 'public'));
  await others.call('POST', '/groups', group('Lake secrets', 'private'));
  await bens.post('The lake is frozen.');
  await others.post('A lake that nobody here may know of.');
  const talk = await Talk.between(bens, adas);
  await talk.say('Hello', 'Meet me at the lake house', 'At nine');
  return { adas, bens, mine, talk, ada: await hearth.person(ADA) };
}

test('everything is found and opened by the keyboard alone', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, mine, talk } = await world(hearth);
  await ada.signIn();
  const options = ada.palette().getByRole('option');
  const chosen = ada.palette().locator('[role=option][aria-selected=true]');
  const type = (text: string) => ada.page.keyboard.type(text, { delay: 30 });

  await test.step('it opens over the page and finds as one types', async () => {
    // As with Caps Lock.
    await ada.page.keyboard.press('Control+K');
    await expect(ada.seek()).toBeFocused();
    await expect(ada.palette().getByText('Find people and groups by their names')).toBeVisible();
    await look(ada.page, 'palette-empty');
    await type('lak');
    for (const kind of ['People', 'Groups', 'Posts', 'Messages']) {
      await expect(ada.palette().getByRole('group', { name: kind })).toBeVisible();
    }
    await expect(options).toHaveText([
      /Lakshmi Lindqvist/, /Lakota Ames/, /Lake walks/, /Lake swimmers.*open to join/, /The lake is frozen\./,
      /Meet me at the lake house/, /See all results for “lak”/,
    ]);
    await expect(chosen, 'friends first').toContainText('Lakshmi');
    await expect(ada.page).toHaveURL('/');
    await look(ada.page, 'palette-found');
    await expectAccessible(ada.page, 'the palette');
  });

  await test.step('the field says which line Enter takes', async () => {
    const active = () => ada.seek().getAttribute('aria-activedescendant');
    expect(await active()).toBe(await chosen.getAttribute('id'));
    await ada.page.keyboard.press('ArrowUp');
    await expect(chosen).toContainText('See all results');
    await ada.page.keyboard.press('ArrowDown');
    await expect(chosen).toContainText('Lakshmi');
    await ada.page.keyboard.press('End');
    await expect(chosen).toContainText('See all results');
    await ada.page.keyboard.press('Home');
    await expect(chosen).toContainText('Lakshmi');
    expect(await active()).toBe(await chosen.getAttribute('id'));
    await expect(ada.seek()).toBeFocused();
  });

  await test.step('Esc gives the focus back', async () => {
    await ada.page.keyboard.press('Escape');
    await expect(ada.palette()).toHaveCount(0);
    const door = ada.button(/^Search/).first();
    await door.focus();
    await ada.page.keyboard.press('Enter');
    await expect(ada.seek()).toBeFocused();
    await ada.page.keyboard.press('Control+k');
    await expect(ada.palette()).toHaveCount(0);
    await expect(door).toBeFocused();
  });

  await test.step('to a person, a group, a message, a post', async () => {
    await ada.page.keyboard.press('/');
    await expect(ada.seek()).toBeFocused();
    await type('laksh');
    await expect(chosen).toContainText('Lakshmi');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL('/u/lakshmi');
    await expect(ada.heading(BEN.name)).toBeVisible();

    await ada.page.keyboard.press('Control+k');
    await expect(ada.seek()).toBeFocused();
    await type('walks');
    await expect(chosen).toContainText('Lake walks');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL(`/chats/${mine.id}`);

    await ada.page.keyboard.press('Control+k');
    await expect(ada.seek()).toBeFocused();
    await type('lake house');
    await expect(chosen).toContainText('Meet me at the lake house');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL(`${talk.path}?message=2`);
    await expect(new Chat(ada, 'Lakshmi').message('Meet me at the lake house')).toBeInViewport();

    await ada.page.keyboard.press('Control+k');
    await expect(ada.seek()).toBeFocused();
    await type('frozen');
    await expect(chosen).toContainText('The lake is frozen.');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL(/\/post\//);
  });

  await test.step('what was opened last is there before a letter is typed', async () => {
    await ada.page.keyboard.press('Control+k');
    const lately = ada.palette().getByRole('group', { name: 'Opened lately' });
    await expect(lately.getByRole('option')).toHaveText([/Lakshmi Lindqvist.*Chat/, /Lake walks/, /Lakshmi Lindqvist.*@lakshmi/]);
    await expect(chosen).toHaveCount(0);
    await ada.page.keyboard.press('ArrowDown');
    await ada.page.keyboard.press('ArrowDown');
    await look(ada.page, 'palette-lately');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL(`/chats/${mine.id}`);
  });

  await test.step('Enter before there is an answer leads to the page, and so does a group that one may join', async () => {
    await ada.page.keyboard.press('Control+k');
    await ada.seek().fill('lake');
    await ada.page.keyboard.press('Enter');
    await expect(ada.palette()).toHaveCount(0);
    await ada.open('/');
    await expect(ada.button(/^Search/).first()).toBeVisible();
    await ada.page.keyboard.press('Control+k');
    await expect(ada.seek()).toBeFocused();
    await type('swimm');
    await expect(chosen).toContainText('Lake swimmers');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL('/search?q=Lake%20swimmers&in=groups');
    await ada.page.getByRole('button', { name: /^Join/ }).click();
    await expect(ada.page).toHaveURL(/\/chats\//);
  });
});

test('the palette says that nothing was found, that it failed, and never shows an older answer', async ({ hearth }) => {
  const { ada } = await world(hearth);
  await ada.signIn();
  await ada.follow('Friends');
  const options = ada.palette().getByRole('option');
  await ada.page.keyboard.press('Control+k');
  await ada.seek().fill('nothing like it');
  await expect(ada.palette().getByText('Nothing found for “nothing like it”.').last()).toBeVisible();
  await look(ada.page, 'palette-nothing');

  // The answer to the first word is held back until the second one has been answered.
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route('**/api/v1/search/all?q=frozen*', async (route) => {
    await held;
    await route.continue();
  });
  const asked = ada.page.waitForRequest('**/api/v1/search/all?q=frozen*');
  await ada.seek().fill('frozen');
  await asked;
  await ada.seek().fill('walks');
  await expect(options.first()).toContainText('Lake walks');
  const late = ada.page.waitForResponse('**/api/v1/search/all?q=frozen*');
  release();
  await late;
  await expect(options).toHaveText([/Lake walks/, /See all results for “walks”/]);

  hearth.watch.expect(500, /^\/api\/v1\/search\/all$/);
  await ada.page.route('**/api/v1/search/all?q=lake*', (route: Route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/internal', title: 'x', status: 500, code: 'internal' }),
    }),
  );
  await ada.seek().fill('lake');
  await expect(ada.palette().getByRole('alert')).toContainText("Couldn't search.");
  await look(ada.page, 'palette-failed');
  await ada.page.unrouteAll();
  await ada.palette().getByRole('button', { name: 'Try again' }).click();
  await expect(options.last()).toHaveText('See all results for “lake”');
  await expect(options).toHaveCount(5);
  await ada.page.goBack();
  await expect(ada.palette()).toHaveCount(0);
});
