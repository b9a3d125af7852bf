// The last words of a run: which step of which test failed, and why, after everything else that is printed of it. Whoever
// sees only the end of a long log sees what matters.
import type { FullResult, Reporter, TestCase, TestResult, TestStep } from '@playwright/test/reporter';

/** As much of an error as says what was expected and what was there. */
const LINES = 14;
const COLOURS = /\u001b\[[0-9;]*m/g;

/** The titles of the steps that lead to what failed, the outermost first. */
function failed(steps: TestStep[]): string[] {
  const step = steps.find((one) => one.error !== undefined);
  return step === undefined ? [] : [step.title, ...failed(step.steps)];
}

export default class LastWords implements Reporter {
  private readonly words: string[] = [];

  printsToStdio(): boolean {
    return false;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === 'skipped') {
      return;
    }
    const path = [...test.titlePath().filter((part) => part !== ''), ...failed(result.steps)];
    const errors = result.errors.map((error) => {
      const text = (error.message ?? error.value ?? '').replace(COLOURS, '').split('\n').slice(0, LINES).join('\n    ');
      return `    ${text}\n    at line ${error.location?.line ?? '?'} of ${error.location?.file.split('/').pop() ?? '?'}`;
    });
    this.words.push(`${path.join(' › ')} (${result.status})\n${errors.join('\n')}`);
  }

  onEnd(result: FullResult): void {
    if (this.words.length > 0) {
      console.log(`\n${result.status}:\n\n${this.words.join('\n\n')}\n`);
    }
  }
}
