import { useEffect, useRef } from 'react'
import { wedgeReader } from '../../identity/kiosk/wedge.ts'

/** As the reader of badges has it: slower keys are a person's. */
const betweenKeysMs = 50

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
    let lastMs = Number.NEGATIVE_INFINITY
    let before: { readonly field: HTMLInputElement | HTMLTextAreaElement; readonly value: string } | undefined
    function onKey(event: KeyboardEvent): void {
      const nowMs = performance.now()
      const { target } = event
      if (nowMs - lastMs > betweenKeysMs) before = isField(target) ? { field: target, value: target.value } : undefined
      lastMs = nowMs
      const text = read(event.key, nowMs)
      if (text === undefined) return
      // Enter must not also press what has the focus.
      event.preventDefault()
      event.stopPropagation()
      if (before !== undefined) fill(before.field, before.value)
      const sheet = document.querySelector('[role="dialog"]')
      if (sheet === null) heard.current(text)
      else fillBadge(sheet, text)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [isOn])
}

const isField = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

function fillBadge(sheet: Element, text: string): void {
  const label = [...sheet.querySelectorAll('label')].find(({ textContent }) => textContent?.trim() === 'Badge')
  const field = label?.control ?? null
  if (isField(field)) fill(field, text)
}

/** Puts a value into a field so that the page hears of it. */
function fill(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(kind, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
