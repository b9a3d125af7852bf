// Pictures to send: four coloured quarters, as a camera would write them that was held in one of eight ways.
import type { Page } from '@playwright/test';

/** The quarters as they lie in the file: top left, top right, bottom left, bottom right. */
export const QUARTERS = { red: [220, 40, 40], green: [40, 170, 60], blue: [40, 70, 220], yellow: [235, 205, 40] } as const;
export type Colour = keyof typeof QUARTERS;

export interface Picture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A JPEG of so many pixels. `orientation` is that of EXIF: 1 is as it lies, 6 is to be turned to the right. `noise`
 * makes the file as heavy as a photo. */
export async function photo(page: Page, width: number, height: number, orientation = 1, noise = false): Promise<Picture> {
  const base64 = await page.evaluate(
    async ({ width, height, noise, colours }) => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext('2d');
      if (!context) {
        throw new Error('no canvas');
      }
      colours.forEach(([r, g, b], at) => {
        context.fillStyle = `rgb(${r} ${g} ${b})`;
        context.fillRect((at % 2) * (width / 2), Math.floor(at / 2) * (height / 2), width / 2, height / 2);
      });
      if (noise) {
        const pixels = context.getImageData(0, 0, width, height);
        let seed = 7;
        for (let at = 0; at < pixels.data.length; at++) {
          seed = (seed * 1103515245 + 12345) & 0x7fffffff;
          pixels.data[at] = (pixels.data[at] ?? 0) + (seed >> 16) % 25 - 12;
        }
        context.putImageData(pixels, 0, 0);
      }
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.95));
      const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) {
        text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      }
      return btoa(text);
    },
    { width, height, noise, colours: Object.values(QUARTERS) as unknown as [number, number, number][] },
  );
  const plain = Buffer.from(base64, 'base64');
  // After the two bytes that begin a JPEG: a segment with one entry, the orientation.
  const tiff = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  const buffer = Buffer.concat([plain.subarray(0, 2), head, body, plain.subarray(2)]);
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
}

/** What the corners of a picture of this site show, from top left to bottom right. */
export async function corners(page: Page, url: string): Promise<Colour[]> {
  return page.evaluate(
    async ({ url, colours }) => {
      const image = await createImageBitmap(await (await fetch(url)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      if (!context) {
        throw new Error('no canvas');
      }
      context.drawImage(image, 0, 0);
      const near = (x: number, y: number) => {
        const [r = 0, g = 0, b = 0] = context.getImageData(Math.floor(x * (image.width - 1)), Math.floor(y * (image.height - 1)), 1, 1).data;
        const apart = ([, [r2, g2, b2]]: (typeof colours)[number]) => Math.hypot(r - r2, g - g2, b - b2);
        return [...colours].sort((one, other) => apart(one) - apart(other))[0]?.[0] ?? 'red';
      };
      return [near(0.08, 0.08), near(0.92, 0.08), near(0.08, 0.92), near(0.92, 0.92)];
    },
    { url, colours: Object.entries(QUARTERS) as unknown as [Colour, [number, number, number]][] },
  );
}
