import { commandIn, digitsAfter } from '../../identity/kiosk/command.ts'
import { fill, isField } from '../../identity/kiosk/field.ts'
import { useWedgeReader } from '../../identity/kiosk/kiosk-hooks.ts'

/** Hears a scanner that acts as a keyboard, wherever on the page the focus is; in a sheet that asks for a badge, the badge gets it. */
export function useScan(isOn: boolean, onScan: (text: string) => void): void {
  useWedgeReader((text) => {
    const sheet = document.querySelector('[role="dialog"]')
    if (sheet === null) onScan(text)
    else scanIntoSheet(sheet, text)
  }, isOn)
}

/** A sheet in which something is signed: badge, reason, the keys of the PIN, and the signature itself. */
function scanIntoSheet(sheet: Element, text: string): void {
  const command = commandIn(text)
  if (command === undefined) put(sheet, 'Badge', () => text)
  else if (command.name === 'REASON') put(sheet, 'Reason', () => command.argument)
  else if (command.name === 'KEY') put(sheet, 'PIN', (typed) => digitsAfter(typed, command.argument))
  else if (command.name === 'DONE') sheet.querySelector('form')?.requestSubmit()
}

function put(sheet: Element, name: string, valueAfter: (typed: string) => string): void {
  const label = [...sheet.querySelectorAll('label')].find(({ textContent }) => textContent?.trim() === name)
  const field = label?.control ?? null
  if (isField(field)) fill(field, valueAfter(field.value))
}
