// A chat that one does not want to hear of, or see for a while: on all of one's devices, and told to nobody.
import { account, Api } from '../support/api.ts';
import { Chat, chatRow, place, Talk } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

test('a chat is muted and archived, here and on another device', { tag: '@phone' }, async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  const talk = await Talk.between(bens, adas);
  await talk.say('The first.');
  const ada = await hearth.person(ADA);
  await ada.signIn();
  const elsewhere = ada.page;
  const other = await ada.page.context().newPage();
  await elsewhere.goto('/chats');
  const chat = new Chat(other, 'Ben');
  await other.goto(talk.path);
  await chat.expectOpen();
  const choose = async (item: string) => {
    await other.getByRole('button', { name: 'More for this chat' }).click();
    await other.getByRole('menuitem', { name: item, exact: true }).click();
  };

  await test.step('muted, it is not counted', async () => {
    await choose('Mute');
    await expect(other.getByText("Muted. It's not counted, and you won't hear of it.")).toBeVisible();
    await other.goto('/');
    await talk.say('The second.');
    const row = chatRow(elsewhere, 'Ben');
    await expect(row).toContainText('The second.');
    await expect(row).toContainText('Muted');
    await expect(row).toContainText(/, \d unread/);
    await expect(place(elsewhere, 'Chats'), 'nothing after the name').toBeVisible();
    await look(elsewhere, 'chat-muted');
  });

  await test.step('unmuted, it is', async () => {
    await other.goto(talk.path);
    await chat.expectOpen();
    await choose('Unmute');
    await expect(other.getByText("You'll hear of new messages again.")).toBeVisible();
    await other.goto('/');
    await talk.say('The third.');
    await expect(place(elsewhere, 'Chats', '1 unread chat')).toBeVisible();
  });

  await test.step('archived, it is under the list until somebody writes', async () => {
    await other.goto(talk.path);
    await chat.expectOpen();
    await choose('Archive');
    await expect(elsewhere.getByText('Archived (1)')).toBeVisible();
    await expect(chatRow(elsewhere, 'Ben')).toBeHidden();
    await elsewhere.getByText('Archived (1)').click();
    await expect(chatRow(elsewhere, 'Ben')).toBeVisible();
    await look(elsewhere, 'chat-archived');
    await other.goto('/');
    await talk.say('The fourth.');
    await expect(elsewhere.getByText('Archived (1)')).toHaveCount(0);
    await expect(chatRow(elsewhere, 'Ben')).toContainText('The fourth.');
    await expect(place(elsewhere, 'Chats', '1 unread chat')).toBeVisible();
  });

  await test.step('what does not work is taken back', async () => {
    await other.goto(talk.path);
    await chat.expectOpen();
    hearth.watch.expect(500, /\/settings$/);
    await other.route('**/settings', (route) => route.fulfill({ status: 500, json: {} }));
    await choose('Mute');
    await expect(other.getByText("That wasn't changed.")).toBeVisible();
    await other.getByRole('button', { name: 'More for this chat' }).click();
    await expect(other.getByRole('menuitem', { name: 'Mute', exact: true })).toBeVisible();
  });
});
