export { add, compare, type Decimal, decimalOf, multiply, parseDecimal, subtract, sum, zero } from './decimal.ts'
export { DomainError, type ErrorKind, messageOf } from './error.ts'
export { type Id, newId } from './id.ts'
export { type Clock, fromMs, type Instant, parseInstant, plusMs, systemClock, toIso, toMs } from './instant.ts'
