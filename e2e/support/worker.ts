// The service worker of a page: whether it is there, what it has saved, and a server that has a newer one.
import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server as Listener, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, type Page } from '@playwright/test';

/** Waits until the worker stands behind the page. */
export async function untilWorking(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null), { timeout: 30_000 })
    .toBe(true);
}

/** The paths below /api of everything that this browser keeps. */
export function saved(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith('/api/v1')) {
          paths.push(pathname.slice('/api/v1'.length));
        }
      }
    }
    return paths;
  });
}

/** Waits until the answers to some reads are saved. */
export async function owners(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const found = new Set<string>();
    for (const name of (await caches.keys()).filter((one) => one.startsWith('hearth-saved-'))) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        found.add((await cache.match(request))?.headers.get('x-hearth-person') ?? 'nobody');
      }
    }
    return [...found];
  });
}

export async function untilSaved(page: Page, ...paths: string[]): Promise<void> {
  await expect.poll(() => saved(page), { timeout: 20_000 }).toEqual(expect.arrayContaining(paths));
}

/** Stands before a server and, once it is told to, has a newer version of the client: the same files, without the
 * one that the open pages were made of. */
export class Front {
  private readonly sockets = new Set<Socket>();
  private newer = false;

  private constructor(
    private readonly listener: Listener,
    private readonly target: number,
  ) {
    listener.on('request', (request, response) => this.pass(request, response));
    listener.on('upgrade', (request: IncomingMessage, browser: Socket) => this.carry(request, browser));
    listener.on('connection', (socket) => this.sockets.add(socket));
  }

  static async start(target: number): Promise<Front> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Front(listener, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** From now on there is a newer version. */
  release(): void {
    this.newer = true;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    this.listener.close();
    await once(this.listener, 'close');
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const worker = request.url === '/sw.js' && this.newer;
    const headers = { ...request.headers, ...(worker ? { 'accept-encoding': 'identity' } : {}) };
    const { method, url: path } = request;
    const onward = ask({ host: '127.0.0.1', port: this.target, method, path, headers }, (answer) => {
      if (!worker) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        const other = text.replace(/version: '\w+'/, "version: 'newer'").replace(/'\/hearth-frontend-\w+\.js', /, '');
        const kept = Object.entries(answer.headers).filter(([name]) => name !== 'content-length' && name !== 'etag');
        response.writeHead(200, Object.fromEntries(kept));
        response.end(other);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  private carry(request: IncomingMessage, browser: Socket): void {
    const server = connect(this.target, '127.0.0.1', () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      }
      server.write(`${lines.join('\r\n')}\r\n\r\n`);
      server.pipe(browser).pipe(server);
    });
    this.sockets.add(server);
    server.on('error', () => browser.destroy());
    browser.on('error', () => server.destroy());
  }
}
