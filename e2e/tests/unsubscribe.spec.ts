// The end of the daily mail: the link in it asks first, needs no signing in, and can be undone in the settings.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';
import { unsubscribeLink } from '../support/unsubscribe.ts';

const ADA = account('Ada Okoye');

// There is a daily mail where there is a mail server; none is written to here.
test.use({ variables: { SMTP_URL: 'smtp://127.0.0.1:9' } });

interface Preferences {
  topics: { topic: string; mail: boolean }[];
}

test('the daily mail is ended with the link in it', { tag: '@phone' }, async ({ hearth }) => {
  hearth.watch.expect(400, /^\/api\/v1\/notifications\/digest\/end$/);
  hearth.watch.expect(401, /^\/api\/v1\/auth\/refresh$/);
  const api = await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  const wantsMail = async () => {
    const { topics } = await api.call<Preferences>('GET', '/notifications/preferences');
    return topics.some((topic) => topic.mail);
  };
  const link = await unsubscribeLink(hearth.server, api.id);

  await test.step('looking at it ends nothing', async () => {
    await ada.open(link);
    await expect(ada.heading('Stop the daily mail?')).toBeVisible();
    expect(new URL(ada.page.url()).search, 'the token does not stay in the address').toBe('');
    await look(ada.page, 'unsubscribe');
    expect(await wantsMail()).toBe(true);
  });

  await test.step('a press does, and says so', async () => {
    await ada.button('Unsubscribe').click();
    await expect(ada.heading("You're unsubscribed")).toBeFocused();
    await look(ada.page, 'unsubscribed');
    expect(await wantsMail()).toBe(false);
  });

  await test.step('once more does no harm', async () => {
    await ada.open(link);
    await ada.button('Unsubscribe').click();
    await expect(ada.heading("You're unsubscribed")).toBeFocused();
  });

  await test.step('the way back is in the settings, after signing in', async () => {
    await ada.page.getByRole('link', { name: 'Open notification settings' }).click();
    await expect(ada.page).toHaveURL(/\/login/);
    await ada.fillSignIn();
    await expect(ada.heading('Notifications')).toBeVisible();
    await ada.page.getByRole('switch', { name: 'Mentions: Mail' }).click();
    await expect.poll(wantsMail).toBe(true);
  });

  await test.step('a link that was cut off says so', async () => {
    await ada.open(link.slice(0, -4));
    await ada.button('Unsubscribe').click();
    await expect(ada.heading("This link doesn't work")).toBeFocused();
    await look(ada.page, 'unsubscribe-wrong');
    await ada.open('/unsubscribe');
    await expect(ada.heading('Something is missing')).toBeVisible();
    expect(await wantsMail()).toBe(true);
  });
});
