// Looking at a screen: axe finds nothing, nothing is wider than the window, and a picture is kept.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const SCREENSHOTS = join(import.meta.dirname, '../output/screenshots');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function look(page: Page, name: string): Promise<void> {
  await settle(page);
  const theme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  const width = page.viewportSize()?.width ?? 0;
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${theme}.png`), animations: 'disabled' });
  await expectNoSidewaysScroll(page, name);
  await expectAccessible(page, name);
}

export async function expectAccessible(page: Page, name: string): Promise<void> {
  // Without the legacy mode axe opens a page of its own for each look, in front of the one that is looked at: that takes
  // the focus away and costs as much as the look. What it is for, frames from elsewhere, does not exist here.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  const found = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  );
  expect(found, `accessibility of ${name}`).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  const outside = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const content = document.scrollingElement?.scrollWidth ?? 0;
    if (content <= width) {
      return [];
    }
    // Where the width comes from: those that stand out, or whose text does, without a child that does.
    const reach = (one: Element) => Math.max(0, ...[...textRects(one), one.getBoundingClientRect()].map((box) => box.right));
    const textRects = (one: Element) =>
      [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).flatMap((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [...range.getClientRects()];
      });
    const wide = [...document.querySelectorAll('body *')].filter((one) => reach(one) > width + 0.5);
    const sources = wide.filter((one) => ![...one.children].some((child) => wide.includes(child)));
    return [
      `${content} > ${width}`,
      ...sources.map((one) => `<${one.tagName.toLowerCase()} class="${one.getAttribute('class') ?? ''}">`),
    ];
  });
  expect(outside, `${name} is wider than the window`).toEqual([]);
}

/** Waits until nothing fades, slides or loads: axe would judge half-transparent text. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const finite = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(finite.map((one) => one.finished));
  });
}
