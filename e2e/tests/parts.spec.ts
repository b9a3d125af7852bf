// The first page comes without what people open later: that is fetched when there is time, and says when it does not come.
import { account } from '../support/api.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');

test('what comes later comes by itself', async ({ hearth }) => {
  const ada = await hearth.person(ADA);
  const asked = new Set<string>();
  ada.page.on('request', (request) => {
    const file = /([a-z-]+?)(?:-\d+)?-[0-9a-f]{16}(?:_bg)?\.wasm$/.exec(new URL(request.url()).pathname);
    asked.add(file?.[1] ?? '');
  });
  await ada.openSignUp();
  asked.delete('');
  expect([...asked], 'the sign-in page needs the first part alone').toEqual(['hearth-frontend']);
  await ada.fillSignUp();
  await ada.button('Create account').click();
  await ada.expectHome();
  for (const part of ['over', 'talk', 'people']) {
    await expect.poll(() => [...asked]).toContain(part);
  }
});

test('a part that does not come says so, and can be asked for again', async ({ hearth }) => {
  const ada = await hearth.person(ADA);
  await ada.page.route(/\/talk-\w+\.wasm$/, (route) => route.fulfill({ status: 404 }));
  hearth.watch.expect(404, /\/talk-\w+\.wasm$/);
  // After this one nothing is fetched by itself any more.
  const last = ada.page.waitForRequest(/\/people-\w+\.wasm$/);
  await ada.signUp();
  await ada.follow(/^Chats/);
  await expect(ada.page.getByText("This part of Hearth didn't load.")).toBeVisible();
  await expect(ada.heading('Chats')).toBeAttached();
  await last;
  await ada.page.unrouteAll();
  await ada.button('Try again').click();
  await expect(ada.page.getByRole('region', { name: 'Your chats' })).toBeVisible();
});
