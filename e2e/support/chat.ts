// The chats of a person on the screen, and the same by API.
import { randomUUID } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Api } from './api.ts';
import type { Person } from './people.ts';

/** A conversation that is open on a page. */
export class Chat {
  readonly page: Page;

  constructor(
    person: Person | Page,
    /** The first name of the other one, or what the group is called. */
    readonly other: string,
  ) {
    this.page = 'page' in person ? person.page : person;
  }

  log(): Locator {
    return this.page.getByRole('log', { name: new RegExp(`^Messages (with|in) ${this.other}`) });
  }

  field(): Locator {
    return this.page.getByRole('textbox', { name: `Message ${this.other}` });
  }

  /** Messages with exactly this text. */
  message(text: string): Locator {
    return this.log().getByRole('article').filter({ has: this.page.locator('.bub').getByText(text, { exact: true }) });
  }

  typing(): Locator {
    return this.page.locator('.typing').getByText(`${this.other} is typing…`);
  }

  /** What stands between the messages: who came and went. */
  line(text: string): Locator {
    return this.log().locator('.change').getByText(text, { exact: true });
  }

  divider(): Locator {
    return this.log().getByText(/^New · \d+ messages?$/);
  }

  jump(): Locator {
    return this.page.getByRole('button', { name: 'Go to the latest message' });
  }

  async expectOpen(): Promise<void> {
    await expect(this.page.getByRole('heading', { level: 1, name: new RegExp(`^${this.other}`) })).toBeVisible();
    await expect(this.log()).toHaveAttribute('aria-busy', 'false');
  }

  /** Back to the list, where the chat is the whole screen. */
  async leave(): Promise<void> {
    const back = this.page.getByRole('link', { name: 'Back to chats' });
    if (await back.isVisible()) {
      await back.click();
    }
  }

  /** Beside the name of the other one. */
  online(): Locator {
    return this.page.locator('.thread__who').getByText('Online');
  }

  async send(text: string): Promise<void> {
    await this.field().fill(text);
    await this.field().press('Enter');
  }

  /** The texts of all messages on the screen, in order. */
  async texts(): Promise<string[]> {
    return this.log().locator('.bub').allInnerTexts();
  }

  /** How far the log is from its end. */
  async fromEnd(): Promise<number> {
    return this.log().evaluate((log) => Math.round(log.scrollHeight - log.clientHeight - log.scrollTop));
  }

  async scrollTo(top: number): Promise<void> {
    await this.log().evaluate((log, top) => (log.scrollTop = top), top);
  }

  /** Where the top of a message stands on the screen. */
  async top(text: string): Promise<number> {
    return this.message(text).first().evaluate((one) => one.getBoundingClientRect().top);
  }
}

/** The list of chats on a page. */
export function chatList(page: Page): Locator {
  return page.getByRole('region', { name: 'Your chats' });
}

export function chatRow(page: Page, name: string): Locator {
  return chatList(page).getByRole('listitem').filter({ hasText: name });
}

/** The link of the navigation, as a screen reader says it: with what is counted there, or with nothing. */
export function place(page: Page, name: string, counted?: string): Locator {
  const said = counted === undefined ? `^${name}$` : `^${name} ?, ${counted}$`;
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: new RegExp(said) });
}

interface Message {
  id: string;
  number: number;
  body: string;
  client_id: string;
}

/** A conversation by API. */
export class Talk {
  private constructor(
    private readonly api: Api,
    readonly id: string,
  ) {}

  static async between(api: Api, other: Api): Promise<Talk> {
    const { id } = await api.call<{ id: string }>('POST', '/conversations', { kind: 'direct', user_id: other.id });
    return new Talk(api, id);
  }

  /** The same as the other one. */
  as(api: Api): Talk {
    return new Talk(api, this.id);
  }

  get path(): string {
    return `/chats/${this.id}`;
  }

  async say(...texts: string[]): Promise<void> {
    for (const body of texts) {
      await this.api.call('POST', `/conversations/${this.id}/messages`, { client_id: randomUUID(), body });
    }
  }

  async read(number: number): Promise<void> {
    await this.api.call('PUT', `/conversations/${this.id}/read`, { number });
  }

  /** What the server has, in order. */
  async messages(): Promise<Message[]> {
    return (await this.api.call<{ items: Message[] }>('GET', `/conversations/${this.id}/messages?limit=100`)).items;
  }

  async texts(): Promise<string[]> {
    return (await this.messages()).map((message) => message.body);
  }
}
