// What is peculiar to a page that is live: how soon something is seen elsewhere, that nothing was loaded anew for
// it, and what came over the socket.
import { expect, type Page, type TestInfo } from '@playwright/test';

/** What happens on one screen is on the other one within this time. */
const SOON_MILLIS = 2_000;

type Act = () => Promise<number | void>;
type Sight = () => Promise<unknown>;

/** Times of steps. The slowest are written into the report. */
export class Times {
  private readonly steps: { step: string; millis: number }[] = [];

  /** Does something on a page and waits until it is seen on others. The time counts from the finger: the last key
   * or press that the page felt, or a later moment that `act` gives. */
  async within(step: string, page: Page, act: Act, ...seen: Sight[]): Promise<void> {
    this.judge(step, [await this.measure(page, act, seen)]);
  }

  /** The same for what can be undone. A machine that is busy with something else may be slow once: then the middle
   * one of three tries counts. */
  async withinOrAgain(step: string, page: Page, act: Act, undo: () => Promise<void>, ...seen: Sight[]): Promise<void> {
    const tries = [await this.measure(page, act, seen)];
    while (tries.length < 3 && (tries[0] ?? 0) >= SOON_MILLIS) {
      await undo();
      tries.push(await this.measure(page, act, seen));
    }
    this.judge(step, tries);
  }

  private async measure(page: Page, act: Act, seen: Sight[]): Promise<number> {
    // The wait begins before the act, so that seeing is not late by the time it takes to begin to look.
    const looking = Promise.all(seen.map(async (look) => (await look(), Date.now())));
    looking.catch(() => {});
    const from = (await act()) ?? (await page.evaluate(() => (window as unknown as Marked).felt));
    return Math.max(...(await looking)) - from;
  }

  private judge(step: string, tries: number[]): void {
    const millis = [...tries].sort((a, b) => a - b)[Math.floor(tries.length / 2)] ?? 0;
    this.steps.push({ step, millis });
    expect(millis, `${step}: milliseconds until the other one sees it (${tries.join(', ')})`).toBeLessThan(SOON_MILLIS);
  }

  report(info: TestInfo): void {
    const slowest = [...this.steps].sort((a, b) => b.millis - a.millis);
    for (const { step, millis } of slowest) {
      info.annotations.push({ type: 'seen after', description: `${millis} ms: ${step}` });
    }
    const line = slowest.map(({ step, millis }) => `${step} ${millis} ms`).join(', ');
    console.log(`  seen after: ${line}`);
  }
}

/** A moment to count from: when a request goes out. */
export async function sent(page: Page, method: string, path: RegExp): Promise<number> {
  await page.waitForRequest((request) => request.method() === method && path.test(new URL(request.url()).pathname));
  return Date.now();
}

interface Marked {
  /** When the page last felt a finger. */
  felt: number;
}

/** Marks a page, to tell later whether it is still the one that was loaded then. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => {
    const marked = Object.assign(window, { felt: 0 });
    for (const event of ['pointerdown', 'keydown', 'click']) {
      window.addEventListener(event, () => (marked.felt = Date.now()), { capture: true });
    }
  });
}

export async function expectNotReloaded(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    expect(await page.evaluate(() => 'felt' in window), 'the page was loaded anew').toBe(true);
  }
}

/** Every frame that the sockets of a page receive from now on. */
export function recordFrames(page: Page): { type: string; text: string }[] {
  const frames: { type: string; text: string }[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const text = payload.toString();
      frames.push({ type: (JSON.parse(text) as { type: string }).type, text });
    });
  });
  return frames;
}

/** The number in front of the page's name in the browser's tab. */
export async function untilTitle(page: Page, unread: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => Number(/^\((\d+)\) /.exec(document.title)?.[1] ?? 0) === wanted,
    unread,
    { polling: 'raf' },
  );
}
