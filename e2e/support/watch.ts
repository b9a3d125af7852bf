// What a test never sees unless somebody looks: console errors, exceptions, breaches of the page's policy,
// requests to foreign hosts, failures of the server. Each of them fails the test, unless it was announced.
import type { BrowserContext, ConsoleMessage } from '@playwright/test';
import type { Server } from './server.ts';

/** An answer that a test provokes; Chromium writes one console error for each. */
interface Expected {
  status: number;
  path: RegExp;
}

/** At the first visit nobody is signed in: the refresh with a cookie that does not exist is refused. */
const ALWAYS: Expected[] = [{ status: 401, path: /^\/api\/v1\/auth\/refresh$/ }];

export class Watch {
  private readonly problems: string[] = [];
  private readonly expected: Expected[] = [...ALWAYS];
  private readonly origins: Set<string>;
  private mayFailToConnect = false;

  constructor(servers: Server[]) {
    this.origins = new Set(servers.map((server) => server.url));
  }

  /** Another address of a server. */
  allow(origin: string): void {
    this.origins.add(origin);
  }

  /** Announces answers with an error status. */
  expect(status: number, path: RegExp): void {
    this.expected.push({ status, path });
  }

  /** Announces that requests will find nobody. */
  expectLostConnections(): void {
    this.mayFailToConnect = true;
  }

  async follow(context: BrowserContext, who: string): Promise<void> {
    const note = (what: string) => this.problems.push(`${who}: ${what}`);
    context.on('console', (message) => {
      if (message.type() === 'error' && !this.isExpected(message)) {
        note(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => note(`exception: ${error.error().stack ?? error.error().message}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      const local = ['about:', 'blob:', 'data:'].includes(url.protocol);
      if (!local && !this.origins.has(url.origin)) {
        note(`foreign request: ${url.href}`);
      }
    });
    context.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (response.status() >= 500 && !this.matches(response.status(), path)) {
        note(`the server failed: ${response.status()} ${path}`);
      }
    });
    // Chromium logs most breaches itself; the event also reports those that it only counts.
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
  }

  /** Fails with everything that was seen. */
  finish(): void {
    if (this.problems.length > 0) {
      throw new Error(`unexpected in the browser:\n  ${[...new Set(this.problems)].join('\n  ')}`);
    }
  }

  private isExpected(message: ConsoleMessage): boolean {
    const text = message.text();
    if (/^WebSocket connection to '[^']*' failed/.test(text)) {
      return this.mayFailToConnect;
    }
    const failed = /^Failed to load resource: (?:the server responded with a status of (\d+)|net::(\w+))/.exec(text);
    if (!failed) {
      return false;
    }
    const path = pathOf(message.location().url);
    return failed[1] === undefined ? this.mayFailToConnect : this.matches(Number(failed[1]), path);
  }

  private matches(status: number, path: string): boolean {
    return this.expected.some((one) => one.status === status && one.path.test(path));
  }
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
