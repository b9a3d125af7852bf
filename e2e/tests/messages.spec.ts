// What one does with messages that were sent: answer, find what is answered, change, remove, feel. Two people, live.
import type { Locator } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, chatRow, Talk } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

/** Two friends who look at the same conversation. */
async function together(hearth: Hearth, ...said: string[]) {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  await talk.say(...said);
  const [ada, ben] = [await hearth.person(ADA), await hearth.person(BEN)];
  await ada.signIn();
  await ben.signIn();
  const [hers, his] = [new Chat(ada, 'Ben'), new Chat(ben, 'Ada')];
  for (const [person, chat] of [[ada, hers], [ben, his]] as const) {
    await person.open(talk.path);
    await chat.expectOpen();
  }
  return { adas, bens, talk, ada, ben, hers, his };
}

/** Shows what one can do with a message: pointed at, or pressed with a finger. */
async function reach(message: Locator): Promise<Locator> {
  const bubble = message.locator('.bub');
  if (await message.page().evaluate(() => matchMedia('(hover: hover)').matches)) {
    await bubble.hover();
  } else {
    await bubble.tap();
  }
  const acts = message.locator('.msg__acts');
  await expect(acts).toBeVisible();
  return acts;
}

async function choose(message: Locator, item: string): Promise<void> {
  const acts = await reach(message);
  await acts.getByRole('button', { name: 'More for this message' }).click();
  await message.getByRole('menuitem', { name: item }).click();
}

test('answering, changing, feeling and deleting, live for both', { tag: '@phone' }, async ({ hearth }) => {
  const { talk, ada, ben, hers, his } = await together(hearth, 'Train gets in at 06:41 or 07:41', 'What do you think?');

  await test.step('an answer shows what it answers', async () => {
    // What arrives meanwhile may take the buttons away from under the finger.
    await expect(async () => {
      const acts = await reach(hers.message('Train gets in at 06:41 or 07:41'));
      await acts.getByRole('button', { name: 'Reply' }).click({ timeout: 2_000 });
      await expect(ada.page.getByText('Replying to Ben')).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await expect(hers.field()).toBeFocused();
    await look(ada.page, 'chat-replying');
    await hers.send('The earlier one');
    await expect(ada.page.getByText('Replying to Ben')).toBeHidden();
    for (const [chat, name] of [[hers, 'Ben'], [his, 'You']] as const) {
      const quote = chat.message('The earlier one').getByRole('button', { name: `Reply to ${name}: Train gets in` });
      await expect(quote).toBeVisible();
    }
  });

  await test.step('a quote that is on the screen is found there, and one stays at the end', async () => {
    await hers.message('The earlier one').locator('.quote').click();
    await expect(hers.message('Train gets in at 06:41 or 07:41')).toBeFocused();
    await expect(hers.jump()).toBeHidden();
  });

  await test.step('an emoji is there at once, for both; a press on it says the same, another takes it back', async () => {
    // What arrives meanwhile may move the message away from under the pointer.
    const panel = ben.page.getByRole('dialog', { name: 'Emoji' });
    await expect(async () => {
      if (!(await panel.isVisible())) {
        const acts = await reach(his.message('The earlier one'));
        await acts.getByRole('button', { name: 'Add a reaction' }).click();
      }
      await expect(panel).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await ben.page.getByRole('gridcell', { name: 'thumbs up', exact: true }).click();
    const chip = (chat: Chat, name: string) => chat.message('The earlier one').getByRole('button', { name, exact: true });
    await expect(chip(his, '👍 from you')).toBeVisible();
    await chip(hers, '👍 from 1 person').click();
    await expect(chip(hers, '👍 from 2 people, you too')).toBeVisible();
    await expect(chip(his, '👍 from 2 people, you too')).toBeVisible();
    await look(ben.page, 'chat-reactions');
    await chip(his, '👍 from 2 people, you too').click();
    await expect(chip(hers, '👍 from you')).toBeVisible();
    await chip(hers, '👍 from you').click();
    await expect(hers.message('The earlier one').locator('.chip')).toHaveCount(0);
    await expect(his.message('The earlier one').locator('.chip')).toHaveCount(0);
  });

  await test.step('a change keeps what was begun, and the quote follows', async () => {
    await his.field().fill('Half a thought');
    await choose(his.message('Train gets in at 06:41 or 07:41'), 'Edit');
    await expect(ben.page.getByRole('status').getByText('Editing your message')).toBeVisible();
    const field = ben.page.getByRole('textbox', { name: 'Editing your message' });
    await expect(field).toHaveValue('Train gets in at 06:41 or 07:41');
    await field.fill('Train gets in at 06:41');
    await look(ben.page, 'chat-editing');
    await field.press('Enter');
    await expect(his.field(), 'it waited').toHaveValue('Half a thought');
    for (const chat of [his, hers]) {
      await expect(chat.message('Train gets in at 06:41')).toContainText('Edited');
      await expect(chat.message('The earlier one').locator('.quote')).toContainText(/06:41$/);
    }
    await his.field().fill('');
  });

  await test.step('what is deleted is deleted for both, in the quote too', async () => {
    await choose(his.message('Train gets in at 06:41'), 'Delete');
    await expect(ben.page.getByRole('dialog', { name: 'Delete this message?' })).toBeVisible();
    await look(ben.page, 'chat-delete');
    await ben.page.getByRole('button', { name: 'Cancel' }).click();
    await expect(his.message('Train gets in at 06:41')).toHaveCount(1);
    await choose(his.message('Train gets in at 06:41'), 'Delete');
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    for (const chat of [his, hers]) {
      await expect(chat.message('Message deleted')).toBeVisible();
      await expect(chat.message('The earlier one').locator('.quote')).toContainText('Message deleted');
    }
    expect(await talk.texts()).toEqual(['', 'What do you think?', 'The earlier one']);
    await look(ada.page, 'chat-deleted');
  });

  await test.step('after a reload it is as it was', async () => {
    await ada.page.reload();
    await hers.expectOpen();
    await expect(hers.log().locator('.bub')).toHaveText(['Message deleted', 'What do you think?', 'The earlier one']);
  });
});

test('what is answered is found, however far up it is', async ({ hearth }) => {
  const lines = Array.from({ length: 150 }, (_, index) => `Line ${index + 1}\nof a long history`);
  const { bens, talk, ada, hers } = await together(hearth, ...lines);
  const [first] = await talk.messages();
  const all = await bens.call<{ items: { id: string; number: number }[] }>(
    'GET', `/conversations/${talk.id}/messages?around=10&limit=1`,
  );
  expect(first?.number).toBe(51);
  await bens.call('POST', `/conversations/${talk.id}/messages`, {
    client_id: crypto.randomUUID(), body: 'As I said', reply_to_id: all.items[0]?.id,
  });
  await hers.message('As I said').getByRole('button', { name: /^Reply to Ben: Line 10/ }).click();
  const found = hers.log().getByRole('article', { name: /^Ben, Line 10 of/ });
  await expect(found).toBeInViewport();
  await expect(found).toBeFocused();
  await look(ada.page, 'chat-found');

  await test.step('who reads there stays there', async () => {
    const before = await found.evaluate((one) => one.getBoundingClientRect().top);
    await talk.say('Something new');
    await expect(hers.jump()).toHaveText('1 new');
    expect(Math.abs((await found.evaluate((one) => one.getBoundingClientRect().top)) - before)).toBeLessThanOrEqual(2);
  });
  await test.step('newer ones come as one reads on, without a gap', async () => {
    const waiting = ada.page.waitForResponse((response) => response.url().includes('after='));
    await hers.scrollTo(1_000_000);
    await waiting;
    const numbers = async () => (await hers.log().locator('[data-number]').evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-number')))));
    await expect.poll(async () => (await numbers()).length).toBeGreaterThan(31);
    const shown = await numbers();
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
  });
  await test.step('and back to the newest', async () => {
    await hers.jump().click();
    await expect(hers.message('Something new')).toBeInViewport();
    await expect(hers.jump()).toBeHidden();
  });
});

test('acts by keyboard alone, and a change that is refused', async ({ hearth }) => {
  const { adas, bens, talk, ada, hers } = await together(hearth, 'One');
  const { keyboard } = ada.page;
  await hers.send('Mine');
  await expect(hers.message('Mine')).toContainText(/Sent|Seen/);
  await hers.field().focus();

  await test.step('r answers, Esc stops it', async () => {
    await keyboard.press('Shift+Tab');
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    await expect(hers.message('One')).toBeFocused();
    await keyboard.press('r');
    await expect(ada.page.getByText('Replying to Ben')).toBeVisible();
    await expect(hers.field()).toBeFocused();
    await keyboard.press('Escape');
    await expect(ada.page.getByText('Replying to Ben')).toBeHidden();
    await expect(hers.field()).toBeFocused();
  });
  await test.step("with a modifier the arrows are the page's", async () => {
    await keyboard.press('Shift+ArrowUp');
    await expect(ada.page.getByRole('textbox', { name: 'Editing your message' })).toHaveCount(0);
  });
  await test.step('up in an empty field changes the last one', async () => {
    await keyboard.press('ArrowUp');
    const field = ada.page.getByRole('textbox', { name: 'Editing your message' });
    await expect(field).toHaveValue('Mine');
    await field.fill('Mine, changed');
    await keyboard.press('Enter');
    await expect.poll(() => talk.texts()).toEqual(['One', 'Mine, changed']);
  });
  await test.step('the acts of a message are reached from it and left with Esc', async () => {
    await keyboard.press('Shift+Tab');
    await keyboard.press('ArrowUp');
    await expect(hers.message('Mine, changed')).toBeFocused();
    await keyboard.press('Enter');
    await expect(hers.message('Mine, changed').getByRole('button', { name: 'Add a reaction' })).toBeFocused();
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await expect(hers.message('Mine, changed').getByRole('button', { name: 'More for this message' })).toBeFocused();
    await keyboard.press('Enter');
    await expect(ada.page.getByRole('menuitem', { name: 'Copy text' })).toBeFocused();
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await expect(hers.message('Mine, changed')).toBeFocused();
  });
  await test.step('a change that is refused is not lost', async () => {
    await choose(hers.message('Mine, changed'), 'Edit');
    const field = ada.page.getByRole('textbox', { name: 'Editing your message' });
    await field.fill('Mine, refused');
    hearth.watch.expect(403, /^\/api\/v1\/messages\/\d+$/);
    // The request is on its way when the friendship ends.
    await ada.page.route('**/api/v1/messages/*', async (route) => {
      await bens.call('DELETE', `/friends/${adas.id}`);
      await route.continue();
    });
    await keyboard.press('Enter');
    await expect(hers.message('Mine, refused')).toContainText('Not changed. Try again');
    await expect(ada.page.getByText(/aren't friends now/)).toBeVisible();
    await look(ada.page, 'chat-not-changed');
    await hers.message('Mine, refused').getByRole('button', { name: 'Discard' }).click();
    await expect(hers.message('Mine, changed')).toBeVisible();
    await expect(hers.message('Mine, changed'), 'the focus stays').toBeFocused();
    await expect(chatRow(ada.page, BEN.name)).toContainText('Mine, changed');
  });
});
