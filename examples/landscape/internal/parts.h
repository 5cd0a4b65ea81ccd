// The parts of the picture, in the order in which they are painted, from the sky to the rain in
// front of everything. Each draws from a random stream of its own.
#pragma once

#include <string_view>

#include "internal/canvas.h"
#include "internal/mood.h"

namespace landscape::internal {

// The air's colour from top to horizon, the lamp with its glow, stars.
void paint_sky(Canvas& canvas, const Mood& mood);

// Clouds in perspective: towards the horizon they crowd together and take on its colour.
void paint_clouds(Canvas& canvas, const Mood& mood);

// The far land: mountains, mesas, a volcano or ridges, by the place's relief.
void paint_far_land(Canvas& canvas, const Mood& mood);

// Wooded hills between the far land and the far shore, mist lying between them.
void paint_hills(Canvas& canvas, const Mood& mood);

// A large city's towers beyond the lake; nothing elsewhere.
void paint_town(Canvas& canvas, const Mood& mood);

// The far shore's trees, and a cabin whose windows are lit when it is dark.
void paint_far_shore(Canvas& canvas, const Mood& mood);
void paint_cabin(Canvas& canvas, const Mood& mood, Point foot);

// Below the far shore, everything above it mirrored, as clear as the wind allows. To be painted
// when all that is to be mirrored is.
void paint_water(Canvas& canvas, const Mood& mood);

// A bank of mist around height `y`; strength from 0 to 1.
void paint_mist(Canvas& canvas, const Mood& mood, double y, double thickness, double strength,
                std::string_view stream);

// The near shore with its grass, and the trees that frame the picture.
void paint_near_shore(Canvas& canvas, const Mood& mood);

void paint_rain(Canvas& canvas, const Mood& mood);
void paint_snowfall(Canvas& canvas, const Mood& mood);

// A tree that stands with its foot at `foot`.
void paint_conifer(cairo_t* cr, const Mood& mood, Point foot, double height, Random random);
void paint_broadleaf(cairo_t* cr, const Mood& mood, Point foot, double height, Random random);
void paint_palm(cairo_t* cr, const Mood& mood, Point foot, double height, Random random);
void paint_saguaro(cairo_t* cr, const Mood& mood, Point foot, double height, Random random);

}  // namespace landscape::internal
