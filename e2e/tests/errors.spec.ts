// What goes wrong must be said where it went wrong, and nothing that somebody wrote may be lost or done twice.
import type { Route } from '@playwright/test';
import { account, Api } from '../support/api.ts';
import { expectAccessible, look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');

test('wrong fields say what is wrong, and the first one gets the focus', async ({ hearth }) => {
  const ada = await hearth.person({ ...ADA, name: ' ', username: 'a b', email: 'nowhere', password: 'short' });
  await ada.openSignUp();
  await ada.fillSignUp();
  await ada.button('Create account').click();
  const said: Record<string, string> = {
    Name: 'Enter the name people know you by.',
    Username: 'Use only the letters a–z, digits and _.',
    Email: 'Enter a whole address, like ada@example.org.',
    Password: "That's too short. Add another word or two.",
  };
  for (const [label, sentence] of Object.entries(said)) {
    await expect(ada.field(label)).toHaveAttribute('aria-invalid', 'true');
    await expect(ada.field(label)).toHaveAccessibleDescription(new RegExp(sentence.replace(/[.]/g, '\\.')));
  }
  await expect(ada.field('Name')).toBeFocused();
  await look(ada.page, 'create-account-errors');

  await ada.fillSignUp(ADA);
  await ada.field('Password').fill('1234567890');
  hearth.watch.expect(422, /^\/api\/v1\/auth\/register$/);
  await ada.button('Create account').click();
  await expect(ada.field('Password')).toHaveAccessibleDescription(/That password is easily guessed\./);
  await expect(ada.field('Password')).toBeFocused();
  await expect(ada.field('Name')).not.toHaveAttribute('aria-invalid', 'true');
});

test('a taken address is refused, and the input stays', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const second = { ...account('Adam Berg'), email: ADA.email.toUpperCase() };
  const adam = await hearth.person(second);
  hearth.watch.expect(409, /^\/api\/v1\/auth\/register$/);
  await adam.openSignUp();
  await adam.fillSignUp();
  await adam.button('Create account').click();
  await expect(adam.field('Email')).toHaveAccessibleDescription(/There is an account with that address already\./);
  await expect(adam.field('Name')).toHaveValue(second.name);
  await expect(adam.field('Username')).toHaveValue(second.username);
  await expect(adam.field('Email')).toHaveValue(second.email);
  await expect(adam.field('Password')).toHaveValue(second.password);
});

test('a wrong password, then the right one leads to where one wanted to go', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  hearth.watch.expect(401, /^\/api\/v1\/auth\/login$/);
  await ada.open('/friends/requests');
  await ada.fillSignIn('not the right one');
  await expect(ada.page.getByText("That name and password don't match.").first()).toBeVisible();
  await expect(ada.field('Username or email')).toHaveValue(ADA.username);
  await expectAccessible(ada.page, 'sign in with a wrong password');
  await ada.fillSignIn();
  await expect(ada.page).toHaveURL('/friends/requests');
  await expect(ada.page.getByText('No requests. New ones show up here.')).toBeVisible();
});

test('a post survives a server that is down, and is posted once', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  hearth.watch.expectLostConnections();

  // What one writes with is there; without it nothing could be begun.
  await ada.write('Written while the server was down');
  await hearth.server.kill();
  await ada.send();
  const post = ada.post('Written while the server was down');
  await expect(post.card.getByText('Not posted.')).toBeVisible();
  await expectAccessible(ada.page, 'a post that was not posted');
  await hearth.server.up();
  await post.card.getByRole('button', { name: 'Try again' }).click();
  await expect(post.card.getByText('Not posted.')).toBeHidden();
  await ada.page.reload();
  await expect(post.card).toHaveCount(1);
});

test('a post whose answer was lost is posted once', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  hearth.watch.expectLostConnections();

  const loseTheAnswer = async (route: Route) => {
    await route.fetch();
    await route.abort('connectionreset');
  };
  await ada.page.route('**/api/v1/posts', loseTheAnswer);
  await ada.write('The answer to this was lost');
  await ada.send();
  const post = ada.post('The answer to this was lost');
  await expect(post.card.getByText('Not posted.')).toBeVisible();
  await ada.page.unroute('**/api/v1/posts', loseTheAnswer);
  await post.card.getByRole('button', { name: 'Try again' }).click();
  await expect(post.card.getByText('Not posted.')).toBeHidden();
  await expect(post.card).toHaveCount(1);
  await ada.page.reload();
  await expect(post.card).toHaveCount(1);
});

test('a like and a comment that fail are taken back and kept', async ({ hearth }) => {
  const api = await Api.register(hearth.server, ADA);
  await api.post('Something to like');
  const ada = await hearth.person(ADA);
  await ada.signIn();
  const post = ada.post('Something to like');
  const fail = (route: Route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/internal', title: 'Something went wrong', status: 500, code: 'internal' }),
    });
  hearth.watch.expect(500, /^\/api\/v1\/posts\/\d+\/(reaction|comments)$/);

  await ada.page.route('**/reaction', fail);
  await post.like().click();
  await expect(ada.page.getByText("Your reaction wasn't saved.").first()).toBeVisible();
  await post.expectLiked(false);
  await ada.page.unroute('**/reaction', fail);

  await ada.page.route('**/comments', fail);
  await post.card.getByRole('button', { name: /^Comment/ }).click();
  await post.commentText().fill('A comment worth keeping');
  await post.card.getByRole('button', { name: 'Send comment' }).click();
  await expect(post.card.getByText('Not sent.')).toBeVisible();
  await ada.page.unroute('**/comments', fail);
  await post.card.getByRole('button', { name: 'Try again' }).click();
  await expect(post.card.getByText('Not sent.')).toBeHidden();
  await ada.page.reload();
  await expect(post.card.getByText('A comment worth keeping')).toHaveCount(1);
});

test('signing out in one tab signs out the other', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  const tab = await ada.page.context().newPage();
  await tab.goto('/friends');
  await expect(tab.getByRole('heading', { level: 1, name: 'Friends' })).toBeVisible();
  await ada.open('/settings');
  await ada.page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await ada.expectSignedOut();
  await expect(tab.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await ada.page.reload();
  await ada.expectSignedOut();
  const storage = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(storage).not.toContain('token');
});

test('a draft survives a reload, and posting ends it', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await ada.write('A thought that is not finished');
  await expect
    .poll(() => ada.page.evaluate(() => JSON.stringify(localStorage)), 'a draft is kept soon after typing')
    .toContain('A thought that is not finished');
  await ada.page.reload();
  await ada.prompt().click();
  await expect(ada.composerText()).toHaveValue('A thought that is not finished');
  await expect(ada.composer().getByText('Your draft is back.')).toBeVisible();
  await expectAccessible(ada.page, 'the composer with a draft');
  await ada.send();
  await expect(ada.post('A thought that is not finished').card).toBeVisible();
  await ada.prompt().click();
  await expect(ada.composerText()).toHaveValue('');

  await ada.composerText().fill('Another one');
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('dialog', { name: 'Keep this draft?' })).toBeVisible();
  await look(ada.page, 'keep-draft');
  await ada.button('Discard').click();
  await expect(ada.composer()).toBeHidden();
  await ada.prompt().click();
  await expect(ada.composerText()).toHaveValue('');
});

test('what people write is text and never markup', async ({ hearth }) => {
  const hostile = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script> & "quotes"';
  const api = await Api.register(hearth.server, { ...ADA, name: '<b>Ada</b>' });
  const id = await api.post(hostile);
  await api.call('POST', `/posts/${id}/comments`, { client_id: crypto.randomUUID(), body: hostile });
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await expect(ada.page.getByRole('article').first()).toContainText(hostile);
  await expect(ada.page.getByRole('article').getByText('<b>Ada</b>').first()).toBeVisible();
  await expect(ada.page.locator('main img, main script')).toHaveCount(0);
  await expect(ada.page).not.toHaveTitle(/broken/);
});

test('the keyboard alone is enough', async ({ hearth }) => {
  const api = await Api.register(hearth.server, ADA);
  await api.post('An older post');
  const ada = await hearth.person(ADA);
  const { keyboard } = ada.page;
  await ada.open('/');
  await ada.field('Username or email').focus();
  await keyboard.type(ADA.username);
  await keyboard.press('Tab');
  await keyboard.type(ADA.password);
  await keyboard.press('Enter');
  await ada.expectHome();

  await keyboard.press('n');
  await expect(ada.composerText()).toBeFocused();
  await keyboard.type('Written by keyboard');
  await keyboard.press('Control+Enter');
  await expect(ada.composer()).toBeHidden();
  const newer = ada.post('Written by keyboard');
  const older = ada.post('An older post');
  await expect(newer.card).toBeVisible();

  await keyboard.press('j');
  await expect(newer.card).toBeFocused();
  await keyboard.press('j');
  await expect(older.card).toBeFocused();
  await keyboard.press('k');
  await expect(newer.card).toBeFocused();
  await keyboard.press('l');
  await newer.expectLiked(true, 1);
  await keyboard.press('l');
  await newer.expectLiked(false);
  await keyboard.press('c');
  await expect(newer.commentText()).toBeFocused();
  await keyboard.type('No mouse needed, l and j are letters here');
  await keyboard.press('Control+Enter');
  await expect(newer.card.getByText('No mouse needed, l and j are letters here')).toBeVisible();
  await expect(newer.commentText()).toHaveValue('');
  await ada.page.reload();
  await expect(newer.card.getByText('No mouse needed, l and j are letters here')).toHaveCount(1);
});
