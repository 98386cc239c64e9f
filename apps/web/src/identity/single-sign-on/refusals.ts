/** What went wrong on the way back from a provider, in words; the address holds the code alone, so that nobody writes here. */
const words: Readonly<Record<string, string>> = {
  'identity.single-sign-on-attempt-unknown':
    'This sign-in was not begun in this browser, was finished before, or took longer than ten minutes. Begin once more.',
  'identity.single-sign-on-clock-skewed':
    'The clocks of this server and of the provider differ by more than a minute. Tell an administrator: the clocks must be set.',
  'identity.single-sign-on-token-expired': 'What the provider said is out of date. Begin once more.',
  'identity.single-sign-on-token-invalid': 'What came back is not an answer to this sign-in. Begin once more.',
  'identity.single-sign-on-code-refused': 'The provider does not accept what this browser brought. Begin once more.',
  'identity.single-sign-on-declined': 'The provider did not sign you in.',
  'identity.single-sign-on-unavailable':
    'The provider does not answer. Try again later, or use a name and password of this plant.',
  'identity.outside-role-missing':
    'The provider knows you, and gives you no role in this plant. Ask whoever keeps the groups there.',
  'identity.person-disabled-here': 'You are disabled in this plant. Ask an administrator.',
  'identity.provider-unknown': 'There is no such provider.',
  'platform.station-only-shows':
    'This device is a board on the wall: nobody signs in here. Use another one, or let an administrator retire the board.',
  'identity.asked-too-often': 'Too many sign-ins from here. Wait a minute, then try again.',
}

/** The words for a refusal; one that is not known here is named by its code. */
export const refusalText = (code: string): string => words[code] ?? `The provider's answer was refused (${code}).`
