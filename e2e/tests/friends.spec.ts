// Friends from the first request to the end, as two people in two browsers: what one does the other sees, and where
// both press at once one of them was faster and neither sees an error.
import type { Page, Route } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { Chat, place } from '../support/chat.ts';
import { look } from '../support/look.ts';
import type { Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const CY = account('Cyrus Marsh');

test('a friendship from the request to its end', { tag: '@phone' }, async ({ hearth }) => {
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signUp();
  await ben.signUp();

  await test.step('Ada asks on his page, Ben hears of it and accepts in Activity', async () => {
    await ada.open('/u/ben');
    await ada.button(/^Add friend/).click();
    await expect(ada.button(/^Cancel request/)).toBeVisible();
    await place(ben.page, 'Friends', '1 friend request').waitFor();
    await ben.follow(/^Activity/);
    const item = ben.page.getByRole('main').getByRole('listitem').filter({ hasText: ADA.name }).first();
    await item.getByRole('button', { name: /^Accept/ }).click();
    await expect(item).toContainText('friends');
  });

  await test.step('both pages and both lists say so', async () => {
    await expect(ada.button('Message Ben')).toBeVisible();
    await expect(ada.button(/^Friends: Ben/)).toBeVisible();
    await ada.follow(/^Friends/);
    await expect(ada.page.getByRole('main').getByRole('listitem').filter({ hasText: BEN.name })).toContainText('Online');
    await look(ada.page, 'friends');
    await ben.open('/u/ada');
    await expect(ben.button('Message Ada')).toBeVisible();
  });

  await test.step('Ben ends it; Ada cannot write to him any more', async () => {
    await ada.button('Message Ben').click();
    const chat = new Chat(ada, 'Ben');
    await chat.expectOpen();
    await chat.send('See you at ten.');
    await ben.button(/^Friends: Ada/).click();
    await ben.page.getByRole('menuitem', { name: 'Remove friend' }).click();
    await look(ben.page, 'remove-friend');
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(ben.button(/^Add friend/)).toBeVisible();
    await expect(chat.field()).toHaveCount(0);
    await ada.open('/u/ben');
    await expect(ada.button(/^Add friend/)).toBeVisible();
  });
});

test('what one does can be taken back, as long as it is said', async ({ hearth }) => {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.call('POST', '/friend-requests', { user_id: bens.id });
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();
  await ada.open('/u/ben');

  await test.step('a request declined, and not', async () => {
    await ben.openRequests();
    const request = ben.page.getByRole('main').getByRole('listitem').filter({ hasText: ADA.name });
    await request.getByRole('button', { name: /^Decline/ }).click();
    await expect(request).toHaveCount(0);
    await look(ben.page, 'request-declined');
    await ben.button('Undo').click();
    await expect(request.getByRole('button', { name: /^Accept/ })).toBeVisible();
    await expect(ada.button(/^Cancel request/)).toBeVisible();
    await request.getByRole('button', { name: /^Decline/ }).click();
    await ben.button('Dismiss').click();
    await expect(ada.button(/^Add friend/)).toBeVisible();
  });

  await test.step('a page that is left takes nothing back', async () => {
    await adas.call('POST', '/friend-requests', { user_id: bens.id });
    const request = ben.page.getByRole('main').getByRole('listitem').filter({ hasText: ADA.name });
    await request.getByRole('button', { name: /^Decline/ }).click();
    await ben.page.reload();
    await expect(ada.button(/^Add friend/)).toBeVisible();
    await expect(ben.page.getByText('No requests. New ones show up here.')).toBeVisible();
  });

  await test.step('a request cancelled, and asked again', async () => {
    await ada.button(/^Add friend/).click();
    await place(ben.page, 'Friends', '1 friend request').waitFor();
    await ada.button(/^Cancel request/).click();
    await expect(place(ben.page, 'Friends')).toBeVisible();
    await ada.button('Undo').click();
    await expect(ada.button(/^Cancel request/)).toBeVisible();
    await place(ben.page, 'Friends', '1 friend request').waitFor();
  });
});

/** A button of the page itself; a request also stands beside it. */
const on = (person: Person, name: RegExp) => person.page.getByRole('main').getByRole('button', { name });

/** Holds the requests of a page to an address back until they are let go. */
async function hold(page: Page, path: RegExp): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let free = false;
  await page.route(path, async (route) => {
    if (free) {
      await route.continue();
    } else {
      held.push(route);
    }
  });
  return async () => {
    free = true;
    await Promise.all(held.map((route) => route.continue()));
  };
}

test('cancel against accept: the faster one wins and nobody sees an error', async ({ hearth }) => {
  hearth.watch.expect(404, /^\/api\/v1\/friend-requests\/\d+(\/accept)?$/);
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();
  const both = async () => {
    await adas.call('POST', '/friend-requests', { user_id: bens.id });
    await ada.open('/u/ben');
    await ben.open('/u/ada');
    await expect(on(ben, /^Accept/)).toBeVisible();
  };
  const stands = async (person: Person, button: RegExp) => {
    await expect(on(person, button)).toBeVisible();
    await expect(on(person, button)).not.toHaveAttribute('aria-disabled', 'true');
    await expect(person.page.getByRole('alert').getByText(/./)).toHaveCount(0);
  };

  await test.step('she cancels before his acceptance arrives', async () => {
    await both();
    const go = await hold(ben.page, /\/accept$/);
    await on(ben, /^Accept/).click();
    await ada.button(/^Cancel request/).click();
    await stands(ada, /^Add friend/);
    await go();
    await stands(ben, /^Add friend/);
    expect((await adas.call<{ items: unknown[] }>('GET', '/friends')).items).toEqual([]);
  });

  await test.step('his acceptance arrives before she cancels', async () => {
    await ben.page.unrouteAll();
    await both();
    const go = await hold(ada.page, /\/friend-requests\/\d+$/);
    await ada.button(/^Cancel request/).click();
    await on(ben, /^Accept/).click();
    await stands(ben, /^Friends: Ada/);
    await go();
    await stands(ada, /^Friends: Ben/);
    expect((await adas.call<{ items: unknown[] }>('GET', '/friends')).items).toHaveLength(1);
  });
});

test('a block hides each from the other, quietly', async ({ hearth }) => {
  hearth.watch.expect(404, /^\/api\/v1\/users\/ada(\/posts)?$/);
  const [adas, bens, cys] = [
    await Api.register(hearth.server, ADA),
    await Api.register(hearth.server, BEN),
    await Api.register(hearth.server, CY),
  ];
  await adas.befriend(bens);
  await adas.befriend(cys);
  await bens.befriend(cys);
  await bens.post('Ben was here.');
  await adas.post('Ada was here.');
  const post = await cys.post('A picnic on Sunday?');
  await bens.call('POST', `/posts/${post}/comments`, { client_id: crypto.randomUUID(), body: 'Ben brings the bread.' });
  const ada = await hearth.person(ADA);
  const ben = await hearth.person(BEN);
  await ada.signIn();
  await ben.signIn();
  await expect(ada.post('Ben was here.').card).toBeVisible();
  await expect(ada.page.getByText('Ben brings the bread.')).toBeVisible();
  await ben.open('/friends');
  await expect(ben.page.getByRole('main').getByText(ADA.name)).toBeVisible();

  await ada.page.getByRole('main').getByRole('link', { name: BEN.name }).first().click();
  await ada.button('More about Ben').click();
  await ada.page.getByRole('menuitem', { name: 'Block' }).click();
  await look(ada.page, 'block-question');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(ada.page.getByText('You blocked Ben.').first()).toBeVisible();
  await look(ada.page, 'profile-blocked');

  await test.step('he sees what he would see if she had only ended it', async () => {
    await expect(ben.page.getByRole('main').getByText(ADA.name)).toHaveCount(0);
    await ben.open('/u/ada');
    await expect(ben.heading("There's nobody by that name.")).toBeVisible();
    await ben.open('/');
    await expect(ben.post('A picnic on Sunday?').card).toBeVisible();
    await expect(ben.page.getByText('Ada was here.')).toHaveCount(0);
  });

  await test.step('nothing of him is left on her pages', async () => {
    await ada.follow(/^Home/);
    await expect(ada.post('A picnic on Sunday?').card).toBeVisible();
    await expect(ada.page.getByText('Ben was here.')).toHaveCount(0);
    await expect(ada.page.getByText('Ben brings the bread.')).toHaveCount(0);
    await ada.page.reload();
    await expect(ada.post('A picnic on Sunday?').card).toBeVisible();
    await expect(ada.page.getByText(/Ben/)).toHaveCount(0);
    await ada.open('/friends/find?q=Ben');
    await expect(ada.page.getByText('Nobody here is called “Ben”.')).toBeVisible();
  });

  await test.step('she unblocks him: they see each other again, as strangers', async () => {
    await ada.open('/u/ben');
    await ada.button(/^Unblock/).click();
    await expect(ada.button(/^Add friend/)).toBeVisible();
    await ben.open('/u/ada');
    await expect(ben.button(/^Add friend/)).toBeVisible();
  });
});

test('people whom one may know, and why; one of them hidden', { tag: '@phone' }, async ({ hearth }) => {
  const dan = account('Dan Weber');
  const [adas, bens, cys, dans] = [
    await Api.register(hearth.server, ADA),
    await Api.register(hearth.server, BEN),
    await Api.register(hearth.server, CY),
    await Api.register(hearth.server, dan),
  ];
  await adas.befriend(bens);
  await bens.befriend(cys);
  await bens.befriend(dans);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await ada.open('/friends/find');
  const row = (name: string) => ada.page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  await expect(row(CY.name)).toContainText('1 mutual friend: Ben');
  await look(ada.page, 'suggestions');
  await row(CY.name).getByRole('button', { name: /^Hide/ }).click();
  await expect(row(CY.name)).toHaveCount(0);
  await ada.button('Undo').click();
  await expect(row(CY.name)).toBeVisible();
  await row(CY.name).getByRole('button', { name: /^Hide/ }).click();
  await ada.button('Dismiss').click();
  await expect(row(dan.name)).toBeVisible();
  await expect.poll(async () => (await adas.call<{ items: unknown[] }>('GET', '/friends/suggestions')).items.length).toBe(1);
  await ada.page.reload();
  await expect(row(dan.name)).toBeVisible();
  await expect(row(CY.name)).toHaveCount(0);

  await ada.page.getByLabel('Search by name or username').fill('cyr');
  await expect(row(CY.name)).toBeVisible();
  await expect(ada.page).toHaveURL(/\/friends\/find\?q=cyr$/);
  await expect(ada.page.getByLabel('Search by name or username'), 'typing goes on').toBeFocused();
});
