// Finding things again: people and posts by words, posts by a hashtag, what one keeps, and hearing no more of somebody.
import type { Route } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import type { Person } from '../support/people.ts';
import { expect, test, type Hearth } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

async function friends(hearth: Hearth): Promise<{ adas: Api; bens: Api; ada: Person }> {
  const adas = await Api.register(hearth.server, ADA);
  const bens = await Api.register(hearth.server, BEN);
  await adas.befriend(bens);
  return { adas, bens, ada: await hearth.person(ADA) };
}

const wide = (person: Person) => (person.page.viewportSize()?.width ?? 0) >= 1200;

test('people and posts are found as one types, and Back shows it as it was', { tag: '@phone' }, async ({ hearth }) => {
  const { adas, bens, ada } = await friends(hearth);
  for (const name of ['Lakshmi Rao', 'Lakota Ames', 'Lake Brown', 'Lakely Moss']) {
    await Api.register(hearth.server, account(name));
  }
  for (let number = 1; number <= 30; number += 1) {
    await bens.post(`Walk ${number} round the lake.\n${'Further on. '.repeat(30)}`);
  }
  await adas.post('Nothing of that kind.');
  const stranger = await Api.register(hearth.server, account('Zoe Quist'));
  await stranger.post('A lake that nobody here may know of.');
  await ada.signIn();

  await test.step('the palette leads to the page', async () => {
    await ada.page.keyboard.press('/');
    await expect(ada.seek()).toBeFocused();
    await ada.page.keyboard.type('l');
    await ada.palette().getByRole('option', { name: 'See all results for “l”' }).click();
    await expect(ada.page).toHaveURL('/search?q=l');
    await expect(ada.palette()).toHaveCount(0);
    await ada.search().fill('');
    await expect(ada.page).toHaveURL('/search');
    await expect(ada.page.getByText('Find people and groups by their names')).toBeVisible();
    await look(ada.page, 'search-begin');
    await ada.search().focus();
  });

  await test.step('what is found', async () => {
    await ada.page.keyboard.type('lak', { delay: 20 });
    await expect(ada.page).toHaveURL('/search?q=lak');
    await expect(ada.heading('Search')).toBeAttached();
    const people = ada.page.getByRole('region', { name: 'People' });
    await expect(people.getByRole('listitem')).toHaveCount(3);
    await expect(ada.search(), 'one goes on typing').toBeFocused();
    await ada.page.keyboard.type('e walk', { delay: 20 });
    await expect(ada.page).toHaveURL('/search?q=lake%20walk');
    await expect(ada.page.getByRole('region', { name: 'People' })).toHaveCount(0);
    await ada.search().fill('lake');
    await expect(ada.page).toHaveURL('/search?q=lake');
    await expect(people).toContainText('Lake Brown');
    const posts = ada.page.getByRole('region', { name: 'Posts' });
    await expect(posts.getByRole('article')).toHaveCount(20);
    await expect(ada.page.getByText('nobody here may know')).toHaveCount(0);
  });

  await test.step('Back', async () => {
    await ada.readTo(30);
    await ada.place(24).evaluate((one) => window.scrollTo(0, window.scrollY + one.getBoundingClientRect().top - 200));
    const before = await ada.place(24).evaluate((one) => one.getBoundingClientRect().top);
    await ada.place(24).locator('.post__time').click();
    await expect(ada.page).toHaveURL(/\/post\//);
    await ada.page.goBack();
    await expect(ada.page).toHaveURL('/search?q=lake');
    await expect(ada.search()).toHaveValue('lake');
    await expect
      .poll(() => ada.place(24).evaluate((one, before) => Math.abs(one.getBoundingClientRect().top - before), before))
      .toBeLessThanOrEqual(2);
    await ada.page.goBack();
    await expect(ada.page, 'one search is one step').toHaveURL('/');
  });

  await test.step('everybody, nobody, an address', async () => {
    await ada.open('/search?q=lak');
    await expect(ada.search()).toHaveValue('lak');
    await ada.page.getByRole('link', { name: 'See all people' }).click();
    await expect(ada.page).toHaveURL('/search?q=lak&in=people');
    await expect(ada.page.getByRole('main').getByRole('listitem').filter({ hasText: '@lak' })).toHaveCount(4);
    await look(ada.page, 'search-people');
    await ada.page.getByRole('link', { name: 'Groups', exact: true }).last().click();
    await expect(ada.page.getByText('No groups called “lak”.')).toBeVisible();
    // With more to come the end of the list stays busy, and one would wait for it in vain.
    await ada.open('/search?q=kind');
    await expect(ada.page.getByRole('region', { name: 'Posts' }).getByRole('article')).toHaveCount(1);
    await look(ada.page, 'search-found');
    await ada.open('/search?q=nothing%20like%20it');
    await expect(ada.page.getByText('Nothing found for “nothing like it”.')).toBeVisible();
    await look(ada.page, 'search-nothing');
  });
});

test('a search that fails says so and can be tried again', async ({ hearth }) => {
  const { bens, ada } = await friends(hearth);
  await bens.post('The pear tree is in bloom.');
  await ada.signIn();
  hearth.watch.expect(500, /^\/api\/v1\/(search|users)$/);
  const fail = (route: Route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/internal', title: 'x', status: 500, code: 'internal' }),
    });
  await ada.page.route('**/api/v1/search?*', fail);
  await ada.page.route('**/api/v1/users?*', fail);
  await ada.open('/search?q=pear');
  const parts = ["Couldn't look for people.", "Couldn't look for groups.", "Couldn't look for messages.", "Couldn't load posts."];
  for (const what of parts) {
    await expect(ada.page.getByRole('group', { name: what })).toBeVisible();
  }
  await look(ada.page, 'search-failed');
  await ada.page.unrouteAll();
  for (const what of parts) {
    await ada.page.getByRole('group', { name: what }).getByRole('button').click();
  }
  await expect(ada.post('The pear tree is in bloom.').card).toBeVisible();
  await expect(ada.page.getByRole('group', { name: /^Couldn't/ })).toHaveCount(0);
});

test('a hashtag leads to its page', { tag: '@phone' }, async ({ hearth }) => {
  const { adas, bens, ada } = await friends(hearth);
  await bens.post('First plums. #Garden');
  await bens.post('And the bees. #garden #ÄpfelUndBirnen');
  await adas.post('No tag here, only a garden.');
  await ada.signIn();
  await ada.post('First plums.').card.getByRole('link', { name: '#Garden' }).click();
  await expect(ada.page).toHaveURL(/\/tag\/garden$/i);
  await expect(ada.heading(/^#garden$/i)).toBeFocused();
  await expect(ada.page.getByRole('article')).toHaveCount(2);
  await expect(ada.page.getByText("That's all so far")).toBeVisible();
  await look(ada.page, 'tag');
  await ada.page.keyboard.press('n');
  await ada.composerText().fill('Compost is ready. #garden');
  await ada.send();
  await expect(ada.place(1), 'a post of one\'s own stands there at once').toContainText('Compost is ready.');
  await ada.post('And the bees.').card.getByRole('link', { name: '#ÄpfelUndBirnen' }).click();
  await expect(ada.heading(/^#äpfelundbirnen$/i)).toBeVisible();
  await expect(ada.page.getByRole('article')).toHaveCount(1);
  await ada.open('/tag/nobodywrotethis');
  await expect(ada.page.getByText('No posts with #nobodywrotethis yet.')).toBeVisible();
  await look(ada.page, 'tag-empty');
  await ada.open('/tag/no%20tag');
  await expect(ada.page.getByText("That isn't a hashtag.")).toBeVisible();
});

test('what one keeps is found again', { tag: '@phone' }, async ({ hearth }) => {
  const { bens, ada } = await friends(hearth);
  await bens.post('A recipe worth keeping.');
  await bens.post('Another one.');
  await ada.signIn();
  await ada.open('/saved');
  await expect(ada.page.getByText('Nothing saved yet.')).toBeVisible();
  await look(ada.page, 'saved-empty');
  await ada.follow('Home');
  await ada.post('A recipe worth keeping.').choose(/^Save/);
  await ada.toast(/[Ss]aved/);
  if (wide(ada)) {
    await ada.follow('Saved');
  } else {
    await ada.follow('You');
    await ada.page.getByRole('main').getByRole('link', { name: 'Saved' }).click();
  }
  await expect(ada.heading('Saved posts')).toBeVisible();
  await expect(ada.post('A recipe worth keeping.').card, 'without reading the list anew').toBeVisible();
  await expect(ada.page.getByRole('article')).toHaveCount(1);
  await look(ada.page, 'saved');
  await ada.page.reload();
  await ada.post('A recipe worth keeping.').choose(/^(Remove from saved|Unsave)/);
  await expect(ada.page.getByRole('article')).toHaveCount(0);
  await ada.page.reload();
  await expect(ada.page.getByText('Nothing saved yet.')).toBeVisible();
});

test('somebody who is muted is not in the feed, and is not told', async ({ hearth }) => {
  const { adas, bens, ada } = await friends(hearth);
  await bens.post('One of many.');
  await adas.post('My own.');
  await ada.signIn();
  await expect(ada.post('One of many.').card).toBeVisible();
  await ada.post('One of many.').card.getByRole('link', { name: BEN.name, exact: true }).first().click();
  await ada.button('More about Ben').click();
  await ada.page.getByRole('menuitem', { name: 'Mute', exact: true }).click();
  await ada.toast(/Ben is muted/);
  await expect(ada.post('One of many.').card, 'on their page it stays').toBeVisible();
  await ada.page.goBack();
  await expect(ada.post('My own.').card).toBeVisible();
  await expect(ada.post('One of many.').card).toHaveCount(0);
  await bens.post('Another of many.');
  await bens.post('#heard by nobody');
  const seen = await adas.post('What comes after.');
  await expect(ada.page.getByRole('button', { name: /^Show \d+ new posts?$/ })).toHaveText(/Show 1 new post$/);
  await ada.page.reload();
  await expect(ada.page.locator(`[data-post="${seen}"]`)).toBeVisible();
  await expect(ada.post('of many.').card).toHaveCount(0);

  await ada.open('/u/ben');
  await ada.button('More about Ben').click();
  await expect(ada.page.getByRole('menuitem', { name: 'Unmute' }), 'known after a reload').toBeVisible();
  await ada.open('/settings/muted');
  const row = ada.page.getByRole('main').getByRole('listitem').filter({ hasText: BEN.name });
  await expect(row).toContainText('Muted since');
  await look(ada.page, 'settings-muted');
  await row.getByRole('button', { name: 'Unmute: Ben Lindqvist' }).click();
  await expect(ada.page.getByText("You haven't muted anyone.")).toBeVisible();
  await ada.toast("Ben's posts are in your feed again.");
  await ada.open('/');
  await expect(ada.post('Another of many.').card).toBeVisible();
});
