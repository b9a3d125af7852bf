// Everything arrives the moment it happens: two people become friends, post, like, comment and chat, and each of
// it is on the other's screen in less than two seconds, beside everything else that the machine does. Nothing is loaded anew for it, and a stranger's socket
// hears nothing of it.
import { account, Api } from '../support/api.ts';
import { Chat, chatRow, place, Talk } from '../support/chat.ts';
import { expectNotReloaded, mark, recordFrames, sent, Times, untilTitle } from '../support/live.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CY = account('Cyrus Marsh');
const POST = 'The lake is finally warm enough. Saturday at ten?';
const COMMENT = "I'm in. I'll bring the towels.";

test('what one does is on the other screen within two seconds', async ({ hearth }, info) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await Api.register(hearth.server, CY);
  for (let number = 1; number <= 8; number += 1) {
    await bens.post(`Ben's older post ${number}\n${'A line to make it long.\n'.repeat(4)}`);
  }
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  const cy = await hearth.person(CY);
  const overheard = recordFrames(cy.page);
  for (const one of [ada, ben, cy]) {
    await one.signIn();
    await mark(one.page);
  }
  const times = new Times();
  const within = times.within.bind(times);

  await test.step('a request, answered in place', async () => {
    await ada.follow(/^Friends/);
    await ada.page.getByRole('navigation', { name: 'Friends sections' }).getByRole('link', { name: 'Find people' }).click();
    await ada.page.getByLabel('Search by name or username').fill('Ben');
    const found = ada.page.getByRole('main').getByRole('listitem').filter({ hasText: BEN.name });
    await times.withinOrAgain(
      'friend request',
      ada.page,
      () => found.getByRole('button', { name: /^Add friend/ }).click(),
      async () => {
        await found.getByRole('button', { name: /^Cancel request/ }).click();
        await untilTitle(ben.page, 0);
      },
      () => place(ben.page, 'Friends', '1 friend request').waitFor(),
      () => place(ben.page, 'Activity', '1 new').waitFor(),
      () => untilTitle(ben.page, 1),
    );
    await ben.follow(/^Activity/);
    const item = ben.page.getByRole('main').getByRole('listitem').filter({ hasText: ADA.name }).first();
    await expect(item).toContainText('wants to be your friend');
    await look(ben.page, 'activity-request');
    await expect(place(ben.page, 'Activity'), 'what is on the screen is not new any more').toBeVisible();
    await times.withinOrAgain(
      'acceptance',
      ben.page,
      () => item.getByRole('button', { name: /^Accept/ }).click(),
      async () => {
        await adas.call('DELETE', `/friends/${bens.id}`);
        await adas.call('POST', '/friend-requests', { user_id: bens.id });
        await expect(found.getByRole('button', { name: /^Cancel request/ })).toBeVisible();
        await expect(item.getByRole('button', { name: /^Accept/ })).toBeVisible();
      },
      () => found.getByRole('button', { name: 'Message Ben' }).waitFor(),
      () => place(ada.page, 'Activity', '\\d new').waitFor(),
      () => item.getByText('You and Ada Okoye are friends').waitFor(),
    );
    await expect(item.getByRole('button', { name: /^(Accept|Decline)/ })).toHaveCount(0);
    await expect(found.getByText('Online'), 'who is here is shown to a new friend').toBeVisible();
  });

  await test.step('a post: a pill that moves nothing', async () => {
    await ben.follow('Home');
    await expect(ben.post("Ben's older post 8").card).toBeVisible();
    await ben.page.mouse.move(300, 300);
    await ben.page.evaluate(() => window.scrollTo(0, 500));
    const anchor = ben.post("Ben's older post 6").card;
    await ben.page.waitForTimeout(300);
    const before = (await anchor.boundingBox())?.y ?? 0;
    await ada.follow(/^Home/);
    await ada.write(POST);
    const pill = ben.button('Show 1 new post');
    await within(
      'post',
      ada.page,
      () => ada.composer().getByRole('button', { name: 'Post', exact: true }).click(),
      () => pill.waitFor(),
    );
    await expect(ben.post(POST).card, 'never put in by itself').toHaveCount(0);
    await ben.page.waitForTimeout(300);
    expect(Math.abs(((await anchor.boundingBox())?.y ?? 0) - before), 'what is read stays in its place').toBeLessThanOrEqual(2);
    await look(ben.page, 'feed-pill');
    await pill.click();
    await expect(ben.post(POST).card).toBeInViewport();
    await expect(pill).toHaveCount(0);
  });

  await test.step('a like and a comment, counted on the other screen', async () => {
    const his = ben.post(POST);
    const hers = ada.post(POST);
    await expect(hers.card.getByText('Posting…')).toHaveCount(0);
    await within('like', ben.page, () => his.like().click(), () => hers.reactions(1).waitFor());
    await hers.expectLiked(false, 1);
    await within('like taken back', ben.page, () => his.like().click(), () => hers.reactions(1).waitFor({ state: 'detached' }));
    await within(
      'like again, and its notification',
      ben.page,
      () => his.like().click(),
      () => hers.reactions(1).waitFor(),
      () => place(ada.page, 'Activity', '\\d new').waitFor(),
    );
    await his.card.getByRole('button', { name: /^Comment/ }).click();
    await his.commentText().fill(COMMENT);
    await within(
      'comment',
      ben.page,
      () => his.card.getByRole('button', { name: 'Send comment' }).click(),
      () => hers.card.getByText(COMMENT).waitFor(),
      () => hers.card.getByRole('button', { name: 'Comment 1' }).waitFor(),
    );
    await ada.follow(/^Activity/);
    for (const told of ['liked your post', 'commented on your post', 'accepted your friend request']) {
      await expect(ada.page.getByRole('main').getByRole('listitem').filter({ hasText: told })).toHaveCount(1);
    }
    await expect(place(ada.page, 'Activity')).toBeVisible();
    await look(ada.page, 'activity');
  });

  const his = new Chat(ben, 'Ada');
  const hers = new Chat(ada, 'Ben');
  await test.step('a first message: an unread badge, a row in the list, read, seen', async () => {
    await ada.follow(/^Friends/);
    await ada.button('Message Ben').click();
    await hers.expectOpen();
    await hers.field().fill('Are you there?');
    await within(
      'first message, and its badge',
      ada.page,
      () => hers.field().press('Enter'),
      () => place(ben.page, 'Chats', '1 unread chat').waitFor(),
      () => untilTitle(ben.page, 1),
    );
    await ben.follow(/^Chats/);
    const row = chatRow(ben.page, ADA.name);
    await expect(row.getByRole('link', { name: /, 1 unread$/ })).toContainText('Are you there?');
    await look(ben.page, 'chats');
    await within(
      'second message, in the list',
      ada.page,
      () => hers.send('I am early'),
      () => row.getByRole('link', { name: /I am early.*, 2 unread$/ }).waitFor(),
    );
    await within(
      'read position',
      ben.page,
      async () => {
        const reading = sent(ben.page, 'PUT', /\/read$/);
        await row.getByRole('link').click();
        return reading;
      },
      () => hers.message('I am early').getByText(/^Seen \d\d:\d\d$/).waitFor(),
      () => untilTitle(ben.page, 0),
    );
    await his.expectOpen();
    await expect(his.divider()).toHaveText('New · 2 messages');
    await expect(hers.online()).toBeVisible();
  });

  await test.step('typing, and messages both ways', async () => {
    await within('typing', ben.page, () => his.field().pressSequentially('Y'), () => hers.typing().waitFor());
    await expect(hers.typing(), 'it goes when nothing more is typed').toBeHidden({ timeout: 9_000 });
    await within('typing again', ben.page, () => his.field().pressSequentially('es'), () => hers.typing().waitFor());
    await within(
      'message to one who looks',
      ben.page,
      () => his.field().press('Enter'),
      () => hers.message('Yes').waitFor(),
      () => hers.typing().waitFor({ state: 'detached' }),
    );
    await within('answer', ada.page, () => hers.send('Good'), () => his.message('Good').waitFor());
    for (let number = 1; number <= 3; number += 1) {
      await within(`message ${number} of three`, ben.page, () => his.send(`One of three ${number}`), () => hers.message(`One of three ${number}`).waitFor());
    }
    await expect(his.message('One of three 3').getByText(/^Seen/)).toBeVisible();
    const said = ['Are you there?', 'I am early', 'Yes', 'Good', 'One of three 1', 'One of three 2', 'One of three 3'];
    expect(await his.texts()).toEqual(said);
    expect(await hers.texts()).toEqual(said);
    await expect(his.divider(), 'who answers has read').toHaveCount(0);
    await look(ada.page, 'chat');
  });

  await test.step('a post that is deleted goes, with nothing left behind', async () => {
    for (const [one, chat] of [[ada, hers], [ben, his]] as const) {
      await chat.leave();
      await one.follow('Home');
    }
    await expect(ben.post(POST).card).toBeVisible();
    await ada.post(POST).openMenu();
    // His screen tells the server which posts are on it up to 0.6 s after they came onto it.
    await ben.page.waitForTimeout(800);
    await within(
      'deleted post',
      ada.page,
      () => ada.page.getByRole('menuitem', { name: 'Delete' }).click(),
      () => ben.post(POST).card.waitFor({ state: 'detached' }),
    );
  });

  await test.step('a friendship that ends leaves what was said, and a sentence', async () => {
    await ben.follow(/^Chats/);
    await chatRow(ben.page, ADA.name).getByRole('link').click();
    await his.expectOpen();
    await ada.follow(/^Friends/);
    await ada.button('Friends: Ben Lindqvist').click();
    await ada.page.getByRole('menuitem', { name: 'Remove friend' }).click();
    await within(
      'end of a friendship',
      ada.page,
      () => ada.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click(),
      () => ben.page.getByText("You and Ada aren't friends now, so you can't write here. What was said stays.").waitFor(),
    );
    await expect(his.field()).toHaveCount(0);
    await expect(his.message('Are you there?')).toBeVisible();
    await look(ben.page, 'chat-ended');
  });

  await test.step("the stranger's socket heard nothing", async () => {
    // What was said up to now has arrived wherever it was sent.
    await cy.page.waitForTimeout(500);
    expect(overheard.map((frame) => frame.type)).toEqual(expect.arrayContaining(['hello', 'ready']));
    const told = overheard.filter((frame) => !['hello', 'ready', 'pong'].includes(frame.type));
    expect(told).toEqual([]);
    for (const frame of overheard.filter((frame) => frame.type === 'ready')) {
      expect(JSON.parse(frame.text)).toMatchObject({ online: [] });
    }
    await cy.expectEmptyFeed();
    await expect(cy.page).toHaveTitle('Home · Hearth');
  });
  await expectNotReloaded(ada.page, ben.page, cy.page);
  times.report(info);
});

test('own other tabs and devices follow, and so does who is here', async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  const cys = await Api.register(hearth.server, CY);
  await adas.befriend(bens);
  const post = await adas.post('A post of my own');
  const talk = await Talk.between(bens, adas);
  await talk.say('Good morning');
  const ada = await hearth.person(ADA);
  const phone = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  for (const one of [ada, phone, ben]) {
    await one.signIn();
  }
  const tab = await ada.page.context().newPage();
  await tab.goto('/');
  const others = [tab, phone.page];
  const pages = [ada.page, ...others];
  for (const page of pages) {
    await expect(place(page, 'Chats', '1 unread chat')).toBeVisible();
    await mark(page);
  }

  await test.step('what is read here is read there', async () => {
    const chat = new Chat(ada, 'Ben');
    await ada.follow(/^Chats/);
    await chatRow(ada.page, BEN.name).getByRole('link').click();
    await chat.expectOpen();
    for (const page of others) {
      await expect(place(page, 'Chats')).toBeVisible();
      // In the title the message is not counted any more; that Ben is a friend now is still news.
      await untilTitle(page, 1);
    }
  });

  await test.step('what is said here is there, once', async () => {
    const here = new Chat(ada, 'Ben');
    const there = others.map((page) => new Chat(page, 'Ben'));
    for (const chat of there) {
      await place(chat.page, 'Chats').click();
      await chatRow(chat.page, BEN.name).getByRole('link').click();
      await chat.expectOpen();
    }
    await here.send('And to you');
    for (const chat of [here, ...there]) {
      await expect(chat.message('And to you')).toBeVisible();
    }
    await there[1]?.send('Said on the phone');
    for (const chat of [here, ...there]) {
      await expect(chat.message('Said on the phone')).toBeVisible();
      expect(await chat.texts()).toEqual(['Good morning', 'And to you', 'Said on the phone']);
      await expect(place(chat.page, 'Chats').or(chat.field()).first(), 'own messages are not unread').toBeVisible();
      await chat.leave();
    }
    expect(await talk.texts()).toEqual(['Good morning', 'And to you', 'Said on the phone']);
  });

  await test.step('a request that is answered here is answered there', async () => {
    await cys.call('POST', '/friend-requests', { user_id: adas.id });
    for (const page of pages) {
      await place(page, 'Activity', '2 new').waitFor();
    }
    for (const page of pages) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Activity/ }).click();
    }
    const items = pages.map((page) => page.getByRole('main').getByRole('listitem').filter({ hasText: CY.name }));
    for (const item of items) {
      await expect(item.getByRole('button', { name: /^Accept/ })).toBeVisible();
    }
    await items[2]?.getByRole('button', { name: /^Accept/ }).click();
    for (const item of items) {
      await expect(item).toContainText('You and Cyrus Marsh are friends');
    }
    for (const page of pages) {
      await expect(place(page, 'Friends'), 'nobody waits any more').toBeVisible();
    }
  });

  await test.step('what is new is seen on one of them', async () => {
    await place(ada.page, 'Home').click();
    await place(tab, 'Home').click();
    await bens.call('PUT', `/posts/${post}/reaction`, { kind: 'like' });
    await expect(place(ada.page, 'Activity', '1 new').or(place(ada.page, 'Activity'))).toBeVisible();
    // The phone has the page open: what comes there is seen there, and so everywhere.
    await expect(phone.page.getByRole('main').getByRole('listitem').filter({ hasText: 'liked your post' })).toBeVisible();
    await expect(place(ada.page, 'Activity')).toBeVisible();
    await expect(place(tab, 'Activity')).toBeVisible();
  });

  await test.step('one is here as long as one page is open', async () => {
    const chat = new Chat(ben, 'Ada');
    await ben.follow(/^Chats/);
    await chatRow(ben.page, ADA.name).getByRole('link').click();
    await chat.expectOpen();
    await expect(chat.online()).toBeVisible();
    await tab.close();
    await phone.page.close();
    await ben.page.waitForTimeout(1_000);
    await expect(chat.online()).toBeVisible();
    await expectNotReloaded(ada.page);
    await ada.page.close();
    await expect(chat.online()).toBeHidden({ timeout: 60_000 });
  });
});
