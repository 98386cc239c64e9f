import { Button } from '@mantine/core'
import { formatNumber } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { chooseCardWidth, readPxPerMm } from '../../shell/preferences.ts'
import { cardMm } from '../../shell/screen-scale.ts'
import './kiosk.css'

const [narrowest, widest] = [140, 1200]
/** A screen of 96 dpi, which most are not. */
const usualPxPerMm = 96 / 25.4

/** How large this screen is, matched with a bank card: buttons of the floor are then as large as a glove needs. */
export function ScreenSize(): ReactElement {
  const id = useId()
  const [measured, setMeasured] = useState(readPxPerMm)
  const [cardPx, setCardPx] = useState<number | undefined>(undefined)
  return (
    <section aria-labelledby={`${id}-head`}>
      <h2 id={`${id}-head`}>Size of this screen</h2>
      <p>
        {measured === undefined
          ? 'Not measured: buttons of a station may be smaller than 20 mm here.'
          : `${formatNumber(measured, 2)} pixels in a millimetre: buttons of a station are ${formatNumber(Math.max(48, 20 * measured) / measured, 0)} mm high here.`}
      </p>
      {cardPx === undefined ? (
        <div className="access-actions">
          <Button variant="default" onClick={() => setCardPx(Math.round(cardMm * (measured ?? usualPxPerMm)))}>
            Measure with a bank card
          </Button>
        </div>
      ) : (
        <>
          <p>Lay a bank card on the outline, its left edges together, and make the outline as wide as the card.</p>
          <div className="screen-card" style={{ width: `${cardPx}px` }} />
          <div className="screen-card-width">
            <label htmlFor={`${id}-width`}>Width of the outline, pixels</label>
            <input
              id={`${id}-width`}
              type="range"
              min={narrowest}
              max={widest}
              step={1}
              value={cardPx}
              onChange={(event) => setCardPx(Number(event.currentTarget.value))}
            />
            <output htmlFor={`${id}-width`} className="tl-figure">
              {cardPx}
            </output>
          </div>
          <div className="access-actions">
            <Button
              onClick={() => {
                chooseCardWidth(cardPx)
                setMeasured(cardPx / cardMm)
                setCardPx(undefined)
              }}
            >
              It is as wide as the card
            </Button>
            <Button variant="default" onClick={() => setCardPx((width) => Math.max(narrowest, (width ?? 0) - 1))}>
              Narrower
            </Button>
            <Button variant="default" onClick={() => setCardPx((width) => Math.min(widest, (width ?? 0) + 1))}>
              Wider
            </Button>
            <Button variant="default" onClick={() => setCardPx(undefined)}>
              Cancel
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
