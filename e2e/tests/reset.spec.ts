// A lost password: the same answer for everybody, a link that works once, and nobody stays signed in.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { linkTo, mailsTo } from '../support/mail.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const NEW_PASSWORD = 'a boat that nobody has painted';

test('a lost password is found again', { tag: '@phone' }, async ({ hearth }) => {
  hearth.watch.expect(401, /^\/api\/v1\/(auth\/login|auth\/refresh|users\/me|feed)$/);
  hearth.watch.expect(400, /^\/api\/v1\/auth\/password\/reset(\/check)?$/);
  hearth.watch.expect(422, /^\/api\/v1\/auth\/password\/reset$/);
  await Api.register(hearth.server, ADA);
  const elsewhere = await hearth.person(ADA);
  await elsewhere.signIn();
  const ada = await hearth.person(ADA);

  const ask = async (email: string): Promise<string> => {
    await ada.open('/login');
    await ada.page.getByRole('link', { name: 'Forgot your password?' }).click();
    await expect(ada.heading('Forgot your password?')).toBeVisible();
    await ada.field('Email').fill(email);
    await ada.button('Send the link').click();
    await expect(ada.heading('Check your mail')).toBeFocused();
    return (await ada.page.getByRole('main').innerText()).replace(email, 'ADDRESS').replace(/in \d+ s/, 'in S s');
  };

  await test.step('the answer does not say who has an account', async () => {
    await ada.open('/forgot');
    await look(ada.page, 'forgot');
    await ada.button('Send the link').click();
    await expect(ada.field('Email')).toBeFocused();
    await expect(ada.field('Email')).toHaveAccessibleDescription('Enter your email address.');
    const unknown = await ask('nobody@example.org');
    const known = await ask(ADA.email);
    expect(known).toBe(unknown);
    await expect(ada.button(/^Send again in \d+ s$/)).toHaveAttribute('aria-disabled', 'true');
    await look(ada.page, 'forgot-sent');
    await ada.button('Use another address').click();
    await expect(ada.field('Email'), 'nothing typed is lost').toHaveValue(ADA.email);
    expect(await mailsTo(hearth.server, 'nobody@example.org')).toEqual([]);
  });

  const link = await linkTo(hearth.server, ADA.email, 'reset');
  await test.step('the token does not stay in the address', async () => {
    await ada.open(link);
    await expect(ada.field('Password')).toBeVisible();
    expect(new URL(ada.page.url()).hash).toBe('');
    await look(ada.page, 'reset');
  });

  await test.step('what is too easy is said beside the field', async () => {
    await ada.field('Password').fill('short');
    await ada.button('Set the new password').click();
    await expect(ada.field('Password')).toBeFocused();
    await ada.field('Password').fill('password123');
    await ada.button('Set the new password').click();
    await expect(ada.field('Password')).toHaveAccessibleDescription(/easily guessed/);
  });

  await test.step('it is set, and one signs in with it', async () => {
    await ada.field('Password').fill(NEW_PASSWORD);
    await ada.button('Set the new password').click();
    await expect(ada.page).toHaveURL(/\/login/);
    await expect(ada.page.getByText('Your new password is set. Sign in with it.')).toBeVisible();
    await ada.fillSignIn();
    await expect(ada.page.getByText("That name and password don't match.")).toBeVisible();
    await ada.field('Password').fill(NEW_PASSWORD);
    await ada.button('Sign in').click();
    await ada.expectHome();
  });

  await test.step('whoever was signed in is not any more', async () => {
    await elsewhere.expectSignedOut();
  });

  await test.step('the link works once', async () => {
    await ada.open(link);
    await expect(ada.heading('This link is no longer good')).toBeVisible();
    await look(ada.page, 'reset-spent');
    await ada.page.getByRole('link', { name: 'Send a new link' }).click();
    await expect(ada.heading('Forgot your password?')).toBeVisible();
  });
});
