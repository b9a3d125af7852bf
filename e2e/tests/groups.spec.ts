// Groups: making one, being asked, finding one, talking in it, and what those see who come and go. Three people, live.
import { randomUUID } from 'node:crypto';
import { account, Api } from '../support/api.ts';
import { Chat, chatList, chatRow, place } from '../support/chat.ts';
import { look } from '../support/look.ts';
import { photo } from '../support/pictures.ts';
import type { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CLEO = account('Cleo Marsh');
const TITLE = 'Lake on Saturday';

/** Ada and Ben are friends; all three look at their chats. */
async function people(hearth: Hearth) {
  const [adas, bens, cleos] = [
    await Api.register(hearth.server, ADA),
    await Api.register(hearth.server, BEN),
    await Api.register(hearth.server, CLEO),
  ];
  await adas.befriend(bens);
  const [ada, ben, cleo] = [await hearth.person(ADA), await hearth.person(BEN), await hearth.person(CLEO)];
  for (const person of [ada, ben, cleo]) {
    await person.signIn();
    await person.open('/groups');
  }
  return { adas, bens, cleos, ada, ben, cleo };
}

interface New {
  visibility: 'public' | 'private';
  history: 'all' | 'from_joining';
}

async function made(api: Api, { visibility, history }: New, ...guests: Api[]): Promise<string> {
  const user_ids = guests.map((guest) => guest.id);
  const group = { client_id: randomUUID(), title: TITLE, visibility, history, user_ids };
  const { id } = await api.call<{ id: string }>('POST', '/groups', group);
  for (const guest of guests) {
    await guest.call('POST', `/groups/${id}/join`);
  }
  return id;
}

async function say(api: Api, id: string, body: string): Promise<void> {
  await api.call('POST', `/conversations/${id}/messages`, { client_id: randomUUID(), body });
}

function info(person: Person) {
  return person.page.getByRole('dialog', { name: TITLE });
}

/** Under the name of the group that is open. */
function about(person: Person) {
  return person.page.locator('.thread__who .meta');
}

async function openInfo(person: Person) {
  await person.button('Group info').click();
  await expect(info(person)).toBeVisible();
  return info(person);
}

test('a group is made, friends are asked, come and talk', { tag: '@phone' }, async ({ hearth }) => {
  const { ada, ben } = await people(hearth);

  await test.step('Ada makes it and asks Ben', async () => {
    await look(ada.page, 'groups-empty');
    await ada.button('New group').click();
    const form = ada.page.getByRole('dialog', { name: 'New group' });
    await form.getByRole('button', { name: 'Create group' }).click();
    await expect(form.getByRole('textbox', { name: 'Name' })).toBeFocused();
    await form.getByRole('textbox', { name: 'Name' }).fill(TITLE);
    await form.getByRole('textbox', { name: "What it's for" }).fill('Who swims, who rows.');
    await form.getByRole('radio', { name: /^Private/ }).check();
    await form.getByRole('radio', { name: /^Everything/ }).check();
    await form.getByRole('checkbox', { name: /Ben Lindqvist/ }).check();
    await look(ada.page, 'group-new');
    await form.getByRole('button', { name: 'Create group' }).click();
    await expect(ada.heading(TITLE)).toBeVisible();
    await expect(new Chat(ada, TITLE).line('You made the group')).toBeVisible();
  });
  const hers = new Chat(ada, TITLE);
  await hers.send('Seven sharp at the jetty.');

  await test.step('Ada gives it a picture; Ben, who is asked, sees it at once', async () => {
    await expect(ben.page.getByText(`Ada invites you to ${TITLE}`).first()).toBeVisible();
    const dialog = await openInfo(ada);
    await ada.page.locator('#choose-group-picture').setInputFiles(await photo(ada.page, 300, 200));
    const crop = ada.page.getByRole('dialog', { name: 'Group picture' });
    await expect(crop.getByRole('button', { name: 'Zoom in' })).not.toHaveAttribute('aria-disabled');
    await look(ada.page, 'group-picture');
    await crop.getByRole('button', { name: 'Save picture' }).click();
    await expect(dialog.getByRole('button', { name: 'Change picture' })).toBeVisible({ timeout: 20_000 });
    await expect(crop).toBeHidden();
    await ada.page.keyboard.press('Escape');
    await expect(ada.page.locator('.thread__head .av img.here')).toBeVisible();
    await expect(ben.page.locator('.group .av img.here').first()).toBeVisible();
  });

  await test.step('Ben is asked, sees who and what, and joins', async () => {
    const asked = ben.page.getByText(`Ada invites you to ${TITLE}`);
    await expect(asked.first()).toBeVisible();
    await look(ben.page, 'groups-invited');
    await ben.open('/chats');
    await expect(chatList(ben.page).getByText(`Ada invites you to ${TITLE}`)).toBeVisible();
    await ben.page.getByRole('button', { name: `Join ${TITLE}` }).click();
    await expect(ben.heading(TITLE)).toBeVisible();
  });
  const his = new Chat(ben, TITLE);
  await expect(his.message('Seven sharp at the jetty.')).toBeVisible();
  await expect(hers.line('Ben joined')).toBeVisible();
  await expect(his.line("Ada changed the group's picture")).toBeVisible();
  await expect(about(ada)).toHaveText('2 people · 2 here');

  await test.step('they talk: names, typing, seen', async () => {
    await his.field().pressSequentially('I bring');
    await expect(ada.page.locator('.typing').getByText('Ben is typing…')).toBeVisible();
    await his.send('I bring the boat.');
    await expect(hers.message('I bring the boat.')).toBeVisible();
    await expect(hers.log().getByText('Ben Lindqvist').first()).toBeVisible();
    await hers.send('And I the coffee.');
    await expect(his.message('And I the coffee.')).toBeVisible();
    await expect(hers.log().getByText('Seen by Ben')).toBeVisible();
    await look(ada.page, 'group-chat');
  });

  await test.step('a new name is there for both at once', async () => {
    const dialog = await openInfo(ada);
    await look(ada.page, 'group-info');
    await dialog.getByRole('button', { name: 'Edit the group' }).click();
    const form = ada.page.getByRole('dialog', { name: 'Edit the group' });
    await form.getByRole('textbox', { name: 'Name' }).fill('Lake on Sunday');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(ben.heading('Lake on Sunday')).toBeVisible();
    await expect(form).toBeHidden();
  });

  await test.step('so is that its picture is gone', async () => {
    await expect(ben.page.locator('.thread__head .av img.here')).toBeVisible();
    await ada.button('Remove picture').click();
    await ada.page.getByRole('dialog').last().getByRole('button', { name: 'Remove picture' }).click();
    await expect(ben.page.locator('.thread__head .av img')).toHaveCount(0);
    await expect(ada.button('Add picture')).toBeVisible();
  });

  await test.step('Ben leaves; what he said stays, and he is gone from it', async () => {
    await ben.button('Group info').click();
    const dialog = ben.page.getByRole('dialog', { name: 'Lake on Sunday' });
    await dialog.getByRole('button', { name: 'Leave group' }).click();
    await ben.page.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(chatList(ben.page).getByText('Lake on Sunday')).toBeHidden();
    const now = new Chat(ada, 'Lake on Sunday');
    await expect(now.line('Ben left')).toBeVisible();
    await expect(now.message('I bring the boat.')).toBeVisible();
  });
});

test('a public group is found and joined; whoever is removed is out at once', async ({ hearth }) => {
  const { adas, bens, ada, ben, cleo } = await people(hearth);
  const id = await made(adas, { visibility: 'public', history: 'from_joining' }, bens);
  await say(bens, id, 'Before Cleo');
  await ada.open(`/chats/${id}`);
  await ben.open(`/chats/${id}`);
  const [hers, his, cleos] = [new Chat(ada, TITLE), new Chat(ben, TITLE), new Chat(cleo, TITLE)];

  await test.step('Cleo finds it and joins; what was before is not shown', async () => {
    await cleo.field('Search groups by name').fill('sat lake');
    const join = cleo.page.getByRole('button', { name: `Join ${TITLE}` });
    await expect(join).toBeVisible();
    await look(cleo.page, 'groups-open');
    await join.click();
    await expect(cleo.heading(TITLE)).toBeVisible();
    await expect(cleos.log().getByText('You joined here. What was said before is not shown.')).toBeVisible();
    await expect(cleos.message('Before Cleo')).toBeHidden();
    await expect(his.line('Cleo joined')).toBeVisible();
    for (const person of [ada, ben, cleo]) {
      await expect(about(person)).toHaveText('3 people · 3 here');
    }
    await look(cleo.page, 'group-joined-later');
  });

  await test.step('what is said then arrives, with its count where nobody looks', async () => {
    await cleo.open('/');
    await his.send('Welcome');
    await expect(place(cleo.page, 'Chats', '1 unread chat')).toBeVisible();
    await cleo.open('/chats');
    await expect(chatRow(cleo.page, TITLE)).toContainText('Ben: Welcome');
    await chatRow(cleo.page, TITLE).getByRole('link').click();
    await expect(cleos.message('Welcome')).toBeVisible();
  });

  await test.step('Ben becomes an administrator and removes Cleo', async () => {
    const dialog = await openInfo(ada);
    await dialog.getByRole('button', { name: 'More for Ben Lindqvist' }).click();
    await ada.page.getByRole('menuitem', { name: 'Make administrator' }).click();
    await expect(dialog.getByText('Administrator')).toBeVisible();
    await expect(his.line('Ada made you an administrator')).toBeVisible();
    const his_ = await openInfo(ben);
    await his_.getByRole('button', { name: 'More for Cleo Marsh' }).click();
    await ben.page.getByRole('menuitem', { name: 'Remove from group' }).click();
    await ben.page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(cleo.heading('You are no longer in this group.')).toBeVisible();
    await look(cleo.page, 'group-gone');
    await expect(hers.line('Ben removed Cleo')).toBeAttached();
    await expect(about(ada)).toHaveText('2 people · 2 here');
  });

  await test.step('Ben leaves the site and comes back', async () => {
    await ben.page.goto('about:blank');
    // For a while he may come back, and what is told is told in rounds.
    await expect(about(ada)).toHaveText('2 people · 1 here', { timeout: 20_000 });
    await ben.open(`/chats/${id}`);
    await expect(about(ada)).toHaveText('2 people · 2 here');
  });

  await test.step('the owner ends it for everybody', async () => {
    const dialog = info(ada);
    await dialog.getByRole('button', { name: 'End group' }).click();
    await ada.page.getByRole('dialog').last().getByRole('button', { name: 'End group' }).click();
    await expect(ben.heading('You are no longer in this group.')).toBeVisible();
    await expect(chatList(ada.page).getByText(TITLE)).toBeHidden();
  });
});

test('an invitation is answered where it is told, and who is named is led to the message', { tag: '@phone' }, async ({ hearth }) => {
  const { adas, bens, ben } = await people(hearth);
  const id = await made(adas, { visibility: 'private', history: 'all' });
  await say(adas, id, 'Seven sharp at the jetty.');
  await ben.follow(/^Activity/);
  const main = ben.page.getByRole('main');
  const told = main.getByRole('listitem').filter({ hasText: TITLE });
  const view = (name: string) => main.getByRole('group', { name: 'Activity views' }).getByRole('button', { name });
  // Ada and Ben are friends, which is told, too.
  await expect(main.getByRole('listitem').first()).toBeVisible();

  await test.step('Ben is asked, declines and thinks better of it', async () => {
    await adas.call('POST', `/groups/${id}/invitations`, { user_ids: [bens.id] });
    await expect(told).toContainText(`Ada Okoye invites you to ${TITLE}`);
    await look(ben.page, 'activity-invited');
    await told.getByRole('button', { name: `Decline ${TITLE}` }).click();
    await expect(told).toContainText(`You declined to join ${TITLE}`);
    await ben.button('Undo').click();
    await expect(told.getByRole('button', { name: `Decline ${TITLE}` })).toBeVisible();
  });

  await test.step('he accepts in place, and stays there', async () => {
    await view('Requests').click();
    await told.getByRole('button', { name: `Accept ${TITLE}` }).click();
    await expect(told).toContainText(`You joined ${TITLE}`);
    await expect(told.getByRole('button')).toHaveCount(0);
    await look(ben.page, 'activity-joined');
    await told.getByRole('link').click();
    await expect(ben.heading(TITLE)).toBeVisible();
    await expect(new Chat(ben, TITLE).message('Seven sharp at the jetty.')).toBeVisible();
  });

  await test.step('somebody names him, and says much more', async () => {
    await ben.open('/activity');
    await say(adas, id, 'Can you row, @ben?');
    for (let number = 1; number <= 40; number += 1) {
      await say(adas, id, `Line ${number}\nof what was said after it`);
    }
    await view('Mentions').click();
    await expect(told).toContainText(`Ada Okoye mentioned you in ${TITLE}`);
    await expect(told).toContainText('Can you row, @ben?');
    await look(ben.page, 'activity-named');
    await told.getByRole('link').click();
    await expect(ben.page).toHaveURL(`/chats/${id}?message=2`);
    await expect(new Chat(ben, TITLE).message('Can you row, @ben?')).toBeInViewport();
  });

  await test.step('on a wide screen the latest is looked at from anywhere', async () => {
    const glance = ben.button('Latest activity');
    if (await glance.isVisible()) {
      await glance.click();
      const panel = ben.page.getByRole('dialog', { name: 'Latest activity' });
      await expect(panel.getByText(`mentioned you in ${TITLE}`)).toBeVisible();
      await look(ben.page, 'activity-glance');
      await ben.page.keyboard.press('Escape');
      await expect(panel).toBeHidden();
      await expect(glance).toBeFocused();
      await glance.click();
      await panel.getByRole('link', { name: 'See all activity' }).focus();
      await ben.page.keyboard.press('Tab');
      await expect(panel, 'nobody is in it any more').toBeHidden();
    }
  });

  await test.step('what is taken back is told no more', async () => {
    await ben.open('/activity');
    await expect(told.first()).toBeVisible();
    const page = await adas.call<{ items: { id: string; number: number }[] }>('GET', `/conversations/${id}/messages?around=2`);
    const named = page.items.find((message) => message.number === 2);
    await adas.call('DELETE', `/messages/${named?.id ?? ''}`);
    await expect(told.filter({ hasText: 'mentioned you' })).toHaveCount(0);
    await expect(told).toContainText(`You joined ${TITLE}`);
  });
});
