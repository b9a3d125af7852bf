// One browser, several people, a bad network: what one began is never done as another, and nobody is signed out
// by what happened before.
import { account, Api } from '../support/api.ts';
import { Person } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');

test('what one person began is not done as the next', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  await Api.register(hearth.server, BEN);
  hearth.watch.expect(401, /^\/api\/v1\/posts$/);
  const ada = await hearth.person(ADA);
  const ben = new Person(ada.page, BEN);
  await ada.signIn();
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route('**/api/v1/posts', async (route) => {
    await held;
    await route.continue();
  });
  await ada.write('Only Ada says this.');
  await ada.send();
  // From the menu: to load the settings would take the held call with it.
  await ada.page.getByRole('button', { name: /^Account menu/ }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await ben.fillSignIn();
  await expect(ben.page.getByRole('button', { name: /^Account menu, Ben/ })).toBeVisible();
  release();
  await ben.page.waitForTimeout(1000);
  const api = await Api.signIn(hearth.server, BEN);
  expect(await api.call<{ items: unknown[] }>('GET', '/users/ben/posts')).toMatchObject({ items: [] });
  await expect(ben.page.getByText('Only Ada says this.')).toHaveCount(0);
});

test('a sign-out that did not reach the server does not end the next session', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  hearth.watch.expectLostConnections();
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await ada.open('/settings');
  await ada.page.route('**/api/v1/auth/logout', (route) => route.abort('internetdisconnected'));
  await ada.page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await ada.page.unroute('**/api/v1/auth/logout');
  await ada.fillSignIn();
  const menu = ada.page.getByRole('button', { name: /^Account menu, Ada/ });
  await expect(menu).toBeVisible();
  await ada.page.reload();
  await expect(menu).toBeVisible();
});

test('a server that is busy at the start is waited for', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  hearth.watch.expect(503, /^\/api\/v1\/auth\/refresh$/);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await ada.page.route('**/api/v1/auth/refresh?cookie=true', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'retry-after': '1', 'content-type': 'application/problem+json' },
      body: JSON.stringify({ type: '/problems/unavailable', title: '', status: 503, code: 'unavailable' }),
    }),
  );
  await ada.page.reload();
  await expect(ada.heading('One moment')).toBeVisible();
  await expect(ada.page.getByText('Hearth is busy or restarting.')).toBeVisible();
  await ada.page.unroute('**/api/v1/auth/refresh?cookie=true');
  await ada.expectHome();
});
