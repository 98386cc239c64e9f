import { useEffect, useRef } from 'react'
import { commandIn, digitsAfter } from '../../identity/kiosk/command.ts'
import { fieldKeeper, fill, isField } from '../../identity/kiosk/field.ts'
import { wedgeReader } from '../../identity/kiosk/wedge.ts'

/**
 * Hears a scanner that acts as a keyboard, wherever on the page the focus is. A field that happened to have it keeps what
 * it held; in a sheet that asks for a badge, the badge gets it.
 */
export function useScan(isOn: boolean, onScan: (text: string) => void): void {
  const heard = useRef(onScan)
  heard.current = onScan
  useEffect(() => {
    if (!isOn) return
    const read = wedgeReader()
    const kept = fieldKeeper()
    function onKey(event: KeyboardEvent): void {
      const nowMs = performance.now()
      kept.key(event, nowMs)
      const text = read(event.key, nowMs)
      if (text === undefined) return
      // Enter must not also press what has the focus.
      event.preventDefault()
      event.stopPropagation()
      kept.restore()
      const sheet = document.querySelector('[role="dialog"]')
      if (sheet === null) heard.current(text)
      else scanIntoSheet(sheet, text)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [isOn])
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
