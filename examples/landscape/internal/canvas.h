// Canvas: what the picture is painted on, with Cairo; and Raster: a layer computed pixel by pixel.
//
// Everything is measured in design units: the picture is 675 of them high, whatever its size in
// pixels, so the same painting code serves every format. y points down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cairo.h>

#include "internal/color.h"

namespace landscape::internal {

struct Point {
  double x = 0;
  double y = 0;
};

struct CairoFree {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, CairoFree>;
using PatternPtr = std::unique_ptr<cairo_pattern_t, CairoFree>;

// A layer of pixels in floating point, so that soft gradients do not break into bands: it is
// dithered, imperceptibly, when it becomes a Cairo surface.
class Raster {
 public:
  struct Pixel {
    float r = 0;
    float g = 0;
    float b = 0;
    float alpha = 0;
  };

  Raster(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  Pixel& at(int x, int y) {
    return pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)];
  }
  void set(int x, int y, const Rgb& color, double alpha);

  SurfacePtr to_surface() const;

 private:
  int width_;
  int height_;
  std::vector<Pixel> pixels_;
};

class Canvas {
 public:
  static constexpr double kHeight = 675;

  // Sizes in pixels. Throws std::bad_alloc or waybill::Error when Cairo cannot make the surface.
  Canvas(int pixel_width, int pixel_height);

  // Draws in design units.
  cairo_t* cr() const { return cr_.get(); }
  double width() const { return pixel_width_ / unit_; }

  int pixel_width() const { return pixel_width_; }
  int pixel_height() const { return pixel_height_; }
  double unit() const { return unit_; }  // pixels in a design unit

  // The pixels of one row, 0xXXRRGGBB of which the upper byte means nothing. Valid until the next
  // drawing call; before that, say touched() if any were written to.
  std::uint32_t* row(int y);
  void touched();

  // Lays a raster, whose pixels are `scale` pixels of the canvas wide, with its corner at that
  // pixel. With a path set, only within it, and the path is gone afterwards.
  void lay(const Raster& raster, double pixel_x = 0, double pixel_y = 0, double scale = 1);

  cairo_surface_t* surface() const { return surface_.get(); }

 private:
  int pixel_width_;
  int pixel_height_;
  double unit_;
  SurfacePtr surface_;
  std::unique_ptr<cairo_t, CairoFree> cr_;
};

inline void set_color(cairo_t* cr, const Rgb& color, double alpha = 1) {
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

inline void add_stop(const PatternPtr& pattern, double at, const Rgb& color, double alpha = 1) {
  cairo_pattern_add_color_stop_rgba(pattern.get(), at, color.r, color.g, color.b, alpha);
}

inline PatternPtr linear(double x0, double y0, double x1, double y1) {
  return PatternPtr(cairo_pattern_create_linear(x0, y0, x1, y1));
}

inline PatternPtr radial(Point center, double inner, double outer) {
  return PatternPtr(
      cairo_pattern_create_radial(center.x, center.y, inner, center.x, center.y, outer));
}

}  // namespace landscape::internal
