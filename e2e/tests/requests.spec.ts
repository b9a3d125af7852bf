// Writing to somebody who is no friend: they are asked apart from their chats, and answer or do not.
import { account, Api } from '../support/api.ts';
import { Chat, chatList, chatRow, place, Talk } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CLEO = account('Cleo Marchetti');

test('a stranger asks and is accepted, another one is not', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  const cleos = await Api.register(hearth.server, CLEO);
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();
  await ben.page.goto('/chats');
  const hers = new Chat(ada, 'Ben');
  const his = new Chat(ben, 'Ada');
  const requests = (number: number) => chatList(ben.page).getByText(`Message requests (${number})`);

  await test.step('from a profile one writes a few words', async () => {
    await ada.page.goto('/u/ben');
    await ada.page.getByRole('button', { name: 'Message Ben' }).click();
    await hers.expectOpen();
    await expect(ada.page.getByText("Ben isn't a friend of yours.")).toBeVisible();
    await expect(ada.page.getByRole('button', { name: 'Add photos or files' })).toHaveCount(0);
    await hers.send('Is the bicycle still there?');
    await expect(ada.page.getByText("Ben hasn't accepted yet")).toBeVisible();
    await look(ada.page, 'request-sent');
  });

  await test.step('they stand apart, and call nobody', async () => {
    await expect(requests(1)).toBeVisible();
    await expect(chatRow(ben.page, 'Ada')).toBeHidden();
    await expect(place(ben.page, 'Chats'), 'nothing after the name').toBeVisible();
    await requests(1).click();
    await chatRow(ben.page, 'Ada').getByRole('link').click();
    await expect(his.message('Is the bicycle still there?')).toBeVisible();
    await expect(ben.page.getByRole('region', { name: 'Ada Okoye wants to write to you' })).toBeVisible();
    await expect(his.field()).toHaveCount(0);
    await look(ben.page, 'request');
  });

  await test.step('accepted, both talk', async () => {
    await ben.page.getByRole('button', { name: 'Accept', exact: true }).click();
    await expect(his.field()).toBeFocused();
    await expect(requests(1)).toHaveCount(0);
    await expect(chatRow(ben.page, 'Ada')).toBeVisible();
    await expect(ada.page.getByText("Ben hasn't accepted yet")).toHaveCount(0);
    await his.send('It is.');
    await expect(hers.message('It is.')).toBeVisible();
    await hers.send('I can come at six.');
    await expect(his.message('I can come at six.')).toBeVisible();
  });

  await test.step('deleted, nothing more comes', async () => {
    const talk = await Talk.between(cleos, bens);
    await talk.say('You have won a prize');
    await requests(1).click();
    await chatRow(ben.page, 'Cleo').getByRole('link').click();
    await ben.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(ben.page.getByText("Deleted. They aren't told.")).toBeVisible();
    await expect(requests(1)).toHaveCount(0);
    await talk.say('A large prize');
    // What comes behind it.
    await hers.send('Or at seven?');
    await expect(chatRow(ben.page, 'Ada')).toContainText('Or at seven?');
    await expect(requests(1)).toHaveCount(0);
    await expect(chatRow(ben.page, 'Cleo')).toHaveCount(0);
  });
});
