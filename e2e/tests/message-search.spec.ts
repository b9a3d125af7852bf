// Messages that are found again: by their words, by their address, by a pin. Two people, live.
import { randomUUID } from 'node:crypto';
import type { Locator } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, chatList, chatRow, place, Talk } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CLEO = account('Cleo Marsh');
const KETTLE = 'The blue kettle is in the lake house, behind the tea';

async function choose(message: Locator, item: string): Promise<void> {
  await message.locator('.bub').hover();
  await message.getByRole('button', { name: 'More for this message' }).click();
  await message.getByRole('menuitem', { name: item, exact: true }).click();
}

test('a message is found by its words, its address and its pin', async ({ hearth }) => {
  const [adas, bens, cleos] = [
    await Api.register(hearth.server, ADA),
    await Api.register(hearth.server, BEN),
    await Api.register(hearth.server, CLEO),
  ];
  await adas.befriend(bens);
  await adas.befriend(cleos);
  const talk = await Talk.between(bens, adas);
  await talk.say('Hello', KETTLE, ...Array.from({ length: 60 }, (_, index) => `Line ${index + 1}\nof a long history`));
  await talk.say('And the lake is frozen');
  const other = await Talk.between(cleos, adas);
  await other.say('No kettle here');
  const [ada, ben] = [await hearth.person(ADA), await hearth.person(BEN)];
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.signIn();
  await ben.signIn();
  const [hers, his] = [new Chat(ada, 'Ben'), new Chat(ben, 'Ada')];
  const address = `${talk.path}?message=2`;

  await test.step('on the search page, and from there to where it was said', async () => {
    await ada.open('/search?q=blue%20kettl');
    const messages = ada.page.getByRole('region', { name: 'Messages' });
    await expect(messages.getByRole('listitem')).toHaveCount(1);
    await expect(messages.locator('mark')).toHaveText(['blue', 'kettle']);
    await expect(messages.getByRole('link')).toContainText('Ben Lindqvist');
    await ada.search().fill('kettle');
    await expect(messages.getByRole('listitem'), 'the newest first').toHaveText([/^.*Cleo Marsh/, /^.*Ben Lindqvist/]);
    await look(ada.page, 'search-messages');
    await messages.getByRole('link').filter({ hasText: BEN.name }).click();
    await expect(ada.page).toHaveURL(address);
    await hers.expectOpen();
    await expect(hers.message(KETTLE)).toBeInViewport();
    await expect(hers.message(KETTLE)).toBeFocused();
  });

  await test.step('in the chat, from one to the next', async () => {
    await ada.button('More for this chat').click();
    await ada.page.getByRole('menuitem', { name: 'Search in chat' }).click();
    const field = ada.page.getByRole('searchbox', { name: 'Search in chat' });
    await expect(field).toBeFocused();
    await field.fill('zebra');
    await expect(ada.page.getByText('No messages with “zebra” in them.')).toBeVisible();
    await field.fill('lake');
    await expect(ada.page.getByRole('list', { name: 'Messages with “lake”' }).getByRole('listitem')).toHaveCount(2);
    await look(ada.page, 'chat-find');
    await field.press('Enter');
    await expect(hers.message('And the lake is frozen')).toBeInViewport();
    await ada.button('Older match').click();
    await expect(hers.message(KETTLE)).toBeInViewport();
    await expect(ada.button('Older match'), 'one goes on from there').toBeFocused();
    await field.press('Escape');
    await expect(field).toHaveCount(0);
    await expect(hers.field()).toBeFocused();
  });

  await test.step('by its link, and what cannot be found is said', async () => {
    await choose(hers.message(KETTLE), 'Copy link');
    await ada.toast('Copied.');
    const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.endsWith(address), copied).toBe(true);
    await ben.open(`${talk.path}?message=999`);
    await ben.toast("That message couldn't be found.");
    await expect(his.message('And the lake is frozen')).toBeInViewport();
    await ben.page.goto(copied);
    await expect(his.message(KETTLE)).toBeFocused();
    await cleos.call('POST', '/friend-requests', { user_id: bens.id });
    await expect(place(ben.page, 'Friends', '1 friend request')).toBeVisible();
    await expect(his.message(KETTLE), 'what is drawn anew around it takes nothing away').toBeFocused();
  });

  await test.step('pinned, it is a press away for both', async () => {
    await choose(hers.message(KETTLE), 'Pin');
    await ada.toast('Pinned for everyone in this chat.');
    const pins = ben.page.getByRole('group', { name: 'Pinned messages' });
    await expect(pins.getByRole('button')).toHaveText([KETTLE]);
    await his.jump().click();
    await expect(his.message('And the lake is frozen')).toBeInViewport();
    const last = (await talk.messages()).at(-1);
    await bens.call('PUT', `/messages/${last?.id}/pin`);
    await pins.getByRole('button', { name: 'All 2' }).click();
    await expect(pins.last().getByRole('listitem')).toHaveCount(2);
    await look(ben.page, 'chat-pins');
    await expect(pins.last().getByRole('button', { name: `Unpin: ${KETTLE}` })).toBeVisible();
    await pins.last().locator('.hit').filter({ hasText: KETTLE }).click();
    await expect(his.message(KETTLE)).toBeFocused();
    await choose(his.message(KETTLE), 'Unpin');
    await expect(ada.page.getByRole('group', { name: 'Pinned messages' })).toHaveText('And the lake is frozen');
  });

  await test.step('a chat that is pinned stays on top', async () => {
    const first = chatList(ada.page).getByRole('listitem').first();
    await expect(first).toContainText('Cleo Marsh');
    await ada.button('More for this chat').click();
    await ada.page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
    await expect(first).toContainText('Ben Lindqvist');
    await other.say('Still no kettle');
    await expect(chatRow(ada.page, CLEO.name)).toContainText('Still no kettle');
    await expect(first).toContainText('Ben Lindqvist');
    await look(ada.page, 'chat-pinned');
  });

  await test.step('in a group somebody is named, and their name leads to them', async () => {
    const group = { client_id: randomUUID(), title: 'Tea', visibility: 'private', history: 'all', user_ids: [bens.id] };
    const { id } = await adas.call<{ id: string }>('POST', '/groups', group);
    await bens.call('POST', `/groups/${id}/join`);
    const tea = new Chat(ada, 'Tea');
    await ada.open(`/chats/${id}`);
    await tea.expectOpen();
    await tea.field().pressSequentially('Yours, @');
    await expect(ada.page.getByRole('option')).toHaveText([/Ben Lindqvist/]);
    await tea.field().press('Enter');
    await expect(tea.field()).toHaveValue('Yours, @ben ');
    await tea.field().press('Enter');
    await expect(tea.log().getByRole('link', { name: '@ben' })).toHaveAttribute('href', '/u/ben');
    await ben.open(`/chats/${id}`);
    await expect(new Chat(ben, 'Tea').log().getByRole('article', { name: /mentions you$/ })).toBeVisible();
  });
});
