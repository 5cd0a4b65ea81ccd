// Dithering: a painted scene in the few colours that a device has, the error of each pixel passed
// on to its neighbours, so that the eye sees the tones in between.
#pragma once

#include <array>
#include <span>

#include "internal/canvas.h"
#include "internal/color.h"

namespace landscape::internal {

// Black and white.
inline constexpr std::array<Rgb, 2> kInk{hex(0x000000), hex(0xffffff)};

// A seven-colour electrophoretic panel's inks as they look, in the order of its colour numbers, 0
// to 6: black, white, green, blue, red, yellow, orange. To drive a panel, send the number of a
// pixel's colour.
inline constexpr std::array<Rgb, 7> kPanel{hex(0x1f2226), hex(0xf1f1ec), hex(0x3a7a4a),
                                           hex(0x3a5f9e), hex(0xb04538), hex(0xe0c53c),
                                           hex(0xcf7d3a)};

// Sets every pixel to a colour of `palette`.
void dither(Canvas& canvas, std::span<const Rgb> palette);

// Drops the colour, stretches the tones so that they use all that ink can show, and sharpens, since
// dithering softens. To be done before dithering to kInk.
void to_full_range_grey(Canvas& canvas);

}  // namespace landscape::internal
