// A disk of a few pages, for tests of what happens when it is full. Only root may have one.
#pragma once

#include <string>

#include <sys/mount.h>

#include <waybill/log/internal/temporary_folder.h>

namespace waybill::internal {

class SmallDisk {
 public:
  explicit SmallDisk(std::size_t bytes)
      : mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0,
                         ("size=" + std::to_string(bytes)).c_str()) == 0) {}
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }

  bool is_mounted() const noexcept { return mounted_; }
  std::string operator/(const std::string& name) const { return folder_ / name; }

  // Leaves room for about `bytes`.
  void fill_but(std::size_t bytes) const {
    std::ofstream file(folder_ / "ballast", std::ios::binary);
    const auto free = std::filesystem::space(folder_.path()).available;
    file << std::string(free - bytes, 'x');
  }
  void make_room() const { std::filesystem::remove(folder_ / "ballast"); }

 private:
  TemporaryFolder folder_;
  bool mounted_;
};

}  // namespace waybill::internal
