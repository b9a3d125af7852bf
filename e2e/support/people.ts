// What a person does at the screen. Every label stands here once; specs speak of people and posts.
import { expect, type Locator, type Page } from '@playwright/test';
import type { Account } from './api.ts';

export class Person {
  constructor(
    readonly page: Page,
    readonly who: Account,
  ) {}

  // Front door

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await expect(this.heading()).toBeVisible();
  }

  /** The heading that says where one is. */
  heading(name?: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, ...(name === undefined ? {} : { name }) }).first();
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async openSignUp(): Promise<void> {
    await this.open('/');
    await this.page.getByRole('link', { name: 'Create an account' }).click();
    await expect(this.heading('Create an account')).toBeVisible();
  }

  async fillSignUp(who: Account = this.who): Promise<void> {
    await this.field('Name').fill(who.name);
    await this.field('Username').fill(who.username);
    await this.field('Email').fill(who.email);
    await this.field('Password').fill(who.password);
  }

  async signUp(): Promise<void> {
    await this.openSignUp();
    await this.fillSignUp();
    await this.button('Create account').click();
    await this.expectHome();
  }

  async fillSignIn(password = this.who.password): Promise<void> {
    await this.field('Username or email').fill(this.who.username);
    await this.field('Password').fill(password);
    await this.button('Sign in').click();
  }

  async signIn(): Promise<void> {
    await this.open('/');
    await this.fillSignIn();
    await this.expectHome();
  }

  async expectHome(): Promise<void> {
    await expect(this.heading('Home')).toBeAttached();
    await expect(this.prompt()).toBeVisible();
  }

  async expectSignedOut(): Promise<void> {
    await expect(this.button('Sign in')).toBeVisible();
  }

  // Friends

  async follow(link: string | RegExp): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: link }).click();
  }

  async find(name: string): Promise<Locator> {
    await this.open('/friends/find');
    await this.page.getByLabel('Search by name or username').fill(name);
    const found = this.page.getByRole('main').getByRole('listitem').filter({ hasText: name });
    await expect(found.first()).toBeVisible();
    return found;
  }

  async askToBeFriends(name: string): Promise<void> {
    const found = await this.find(name);
    await found.getByRole('button', { name: /^Add friend/ }).click();
    await expect(found.getByRole('button', { name: /^Cancel request/ })).toBeVisible();
  }

  async openRequests(): Promise<void> {
    await this.follow(/^Friends/);
    await this.page
      .getByRole('navigation', { name: 'Friends sections' })
      .getByRole('link', { name: /^Requests/ })
      .click();
  }

  async accept(name: string): Promise<void> {
    const request = this.page.getByRole('main').getByRole('listitem').filter({ hasText: name });
    await request.getByRole('button', { name: /^Accept/ }).click();
    await expect(request.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
  }

  // Posts

  prompt(): Locator {
    return this.page.getByRole('button', { name: /^What's on your mind/ });
  }

  composer(): Locator {
    return this.page.getByRole('dialog', { name: 'New post' });
  }

  composerText(): Locator {
    return this.composer().getByRole('textbox', { name: "What's on your mind?" });
  }

  async write(text: string): Promise<void> {
    await this.prompt().click();
    await this.composerText().fill(text);
  }

  async send(): Promise<void> {
    await this.composer().getByRole('button', { name: 'Post', exact: true }).click();
    await expect(this.composer()).toBeHidden();
  }

  post(text: string): Post {
    return new Post(this.page.getByRole('article').filter({ hasText: text }));
  }

  feed(): Locator {
    return this.page.getByRole('feed');
  }

  /** The post at a place of the list, from 1. */
  place(place: number): Locator {
    return this.page.locator(`[role=feed] > article[aria-posinset="${place}"]`);
  }

  /** Reads on until the post at a place is on the page. */
  async readTo(place: number): Promise<void> {
    await this.readUntil(this.place(place));
  }

  /** Goes down to the end of the page until something is there. */
  async readUntil(there: Locator): Promise<void> {
    await expect(async () => {
      await this.page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await expect(there).toBeAttached({ timeout: 300 });
    }).toPass({ timeout: 60_000, intervals: [50] });
  }

  /** The field of the search page: on a phone it stands in the bar. */
  search(): Locator {
    return this.page.locator('[data-seek]:visible');
  }

  /** The palette, when it is open. */
  palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Search' });
  }

  /** Its field. */
  seek(): Locator {
    return this.palette().getByRole('combobox');
  }

  async toast(text: string | RegExp): Promise<void> {
    await expect(this.page.locator('.toast').getByText(text)).toBeVisible();
  }

  async expectEmptyFeed(): Promise<void> {
    await expect(this.page.getByText('Quiet here. What your friends write comes here.')).toBeVisible();
    await expect(this.page.getByRole('article')).toHaveCount(0);
  }

  async expectNoPost(): Promise<void> {
    await expect(this.heading("This post isn't available.")).toBeVisible();
  }

  async expectNothingOf(name: string): Promise<void> {
    const first = name.split(' ')[0];
    await expect(this.page.getByText(`${first}'s posts are for friends.`)).toBeVisible();
    await expect(this.page.getByRole('article')).toHaveCount(0);
  }
}

export class Post {
  constructor(readonly card: Locator) {}

  acts(): Locator {
    return this.card.getByRole('group', { name: 'Post actions' });
  }

  like(): Locator {
    return this.acts().getByRole('button', { name: /^Liked?$/ });
  }

  /** How many reactions there are; the way to those who reacted. */
  reactions(count?: number): Locator {
    const number = count === undefined ? '\\d+' : String(count);
    return this.acts().getByRole('button', { name: new RegExp(`^${number} reactions?, see who$`) });
  }

  comments(): Locator {
    return this.card.getByRole('region', { name: /^Comments on/ });
  }

  commentText(): Locator {
    return this.card.getByRole('textbox', { name: 'Write a comment' });
  }

  async comment(text: string): Promise<void> {
    if (!(await this.commentText().isVisible())) {
      await this.card.getByRole('button', { name: /^Comment/ }).click();
    }
    await this.commentText().fill(text);
    await this.card.getByRole('button', { name: 'Send comment' }).click();
    await expect(this.card.getByText(text)).toBeVisible();
    await expect(this.commentText()).toHaveValue('');
  }

  async expectLiked(pressed: boolean, count?: number): Promise<void> {
    await expect(this.like()).toHaveAttribute('aria-pressed', String(pressed));
    if (count !== undefined) {
      await expect(this.reactions(count)).toBeVisible();
    }
  }

  async openMenu(): Promise<void> {
    await this.card.getByRole('button', { name: /^More actions for \w+'s post$/ }).click();
  }

  /** Opens the menu of the post and chooses. */
  async choose(item: string | RegExp): Promise<void> {
    await this.openMenu();
    await this.card.getByRole('menuitem', { name: item }).click();
  }

  /** The address of the post: behind its time. */
  async path(): Promise<string> {
    const href = await this.card.locator('a[href^="/post/"]').first().getAttribute('href');
    expect(href).toMatch(/^\/post\/\d+$/);
    return href ?? '';
  }
}
