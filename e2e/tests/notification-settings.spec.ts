// What one wants to be told of, where, and when not: each switch is saved at once, stays, and does what it says.
import { account, Api } from '../support/api.ts';
import { look } from '../support/look.ts';
import { expect, test } from '../support/test.ts';

const ADA = account('Ada Okoye');
const BEN = account('Ben Lindqvist');
const PREFERENCES = '**/api/v1/notifications/preferences';

test('without a mail server nothing is offered by mail', async ({ hearth }) => {
  await Api.register(hearth.server, ADA);
  const ada = await hearth.person(ADA);
  await ada.signIn();
  await ada.open('/settings/notifications');
  await expect(ada.page.getByRole('switch', { name: 'Mentions: Push', exact: true })).toBeVisible();
  await expect(ada.page.getByRole('columnheader')).toHaveText(['About', 'App', 'Push']);
  await expect(ada.page.getByText('letter a day')).toHaveCount(0);
  await look(ada.page, 'settings-notifications-no-mail');
});

test.describe('with a mail server', () => {
  test.use({ variables: { SMTP_URL: 'smtp://127.0.0.1:9' } });

  test('what is turned off is not told any more, and stays off', { tag: '@phone' }, async ({ hearth }) => {
    const [a, b] = [await Api.register(hearth.server, ADA), await Api.register(hearth.server, BEN)];
    await a.befriend(b);
    const post = await a.post('The lake is warm enough.');
    const ada = await hearth.person(ADA);
    await ada.signIn();
    const saved = () => ada.page.waitForResponse((one) => one.request().method() === 'PATCH' && one.ok());
    const one = (name: string) => ada.page.getByRole('switch', { name, exact: true });

    await test.step('the settings are a link away from what they are about', async () => {
      await ada.open('/activity');
      await ada.page.getByRole('main').getByRole('link', { name: 'Notification settings' }).click();
      await expect(ada.heading('Notifications')).toBeVisible();
      await expect(one('Reactions: App')).toBeChecked();
      await expect(one('Reactions: Push')).not.toBeChecked();
      await expect(one('Messages: App'), 'messages are always in the app').toHaveCount(0);
      await look(ada.page, 'settings-notifications-defaults');
    });

    await test.step('a switch is saved at once and stays', async () => {
      const answer = saved();
      await one('Reactions: App').uncheck();
      await answer;
      await ada.page.reload();
      await expect(one('Reactions: App')).not.toBeChecked();
      await expect(one('Comments and replies: App')).toBeChecked();
    });

    await test.step('what does not reach the server is taken back', async () => {
      hearth.watch.expectLostConnections();
      await ada.page.route(PREFERENCES, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.fallback()));
      await one('Shares: Mail').click();
      await expect(ada.page.getByText('it is as it was before')).toBeVisible();
      await expect(one('Shares: Mail')).toBeChecked();
      await ada.page.unroute(PREFERENCES);
      const answer = saved();
      await one('Shares: Mail').click();
      await answer;
      await expect(one('Shares: Mail')).not.toBeChecked();
    });

    await test.step('quiet hours', async () => {
      let answer = saved();
      await one('Quiet hours').check();
      await answer;
      const from = ada.page.getByLabel('From', { exact: true });
      const until = ada.page.getByLabel('Until', { exact: true });
      await expect(from).toHaveValue('22:00');
      await expect(until).toHaveValue('07:00');
      await expect(ada.page.getByText(/^By the clocks of .*where this device is\.$/)).toBeVisible();
      await from.fill('07:00');
      await expect(ada.page.getByText('Choose two different times.')).toBeVisible();
      await expect(from, 'what the error speaks of').toHaveValue('07:00');
      answer = saved();
      await from.fill('21:30');
      await answer;
      await expect(ada.page.getByText('Choose two different times.')).toHaveCount(0);
      // Nothing is half under the bar at the top then.
      await ada.page.evaluate(() => window.scrollTo(0, 0));
      await look(ada.page, 'settings-notifications-quiet');
      await ada.page.reload();
      await expect(from).toHaveValue('21:30');
    });

    await test.step('a like is not told, a comment is', async () => {
      await b.call('PUT', `/posts/${post}/reaction`, { kind: 'like' });
      await b.call('POST', `/posts/${post}/comments`, { client_id: crypto.randomUUID(), body: 'I bring the towels.' });
      await ada.open('/activity');
      const told = ada.page.getByRole('main').getByRole('listitem');
      await expect(told.filter({ hasText: 'commented on your post' })).toHaveCount(1);
      await expect(told.filter({ hasText: 'liked your post' })).toHaveCount(0);
    });
  });
});
