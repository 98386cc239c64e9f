import type { Instant } from '@throughline/kernel'
import type { RuleSpan, Span } from './facts.ts'

/** The rule that holds at an instant: the newest that has come into force. */
export function ruleAt(rules: readonly RuleSpan[], at: Instant): RuleSpan | undefined {
  return rules.findLast((rule) => rule.effectiveFrom <= at)
}

/** Each rule until the next comes into force. */
export function spansOf(rules: readonly RuleSpan[]): (RuleSpan & Span)[] {
  return rules.map((rule, index) => ({
    ...rule,
    from: rule.effectiveFrom,
    to: rules[index + 1]?.effectiveFrom ?? null,
  }))
}
