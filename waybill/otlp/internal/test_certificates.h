// Certificates for tests, made with the program openssl: an authority, a server at 127.0.0.1, a
// client, and an authority that has nothing to do with them.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <waybill/log/internal/temporary_folder.h>

namespace waybill::internal {

class TestCertificates {
 public:
  TestCertificates() {
    make_authority("ca");
    make_authority("other-ca");
    make_signed("server", "subjectAltName=IP:127.0.0.1,DNS:localhost");
    make_signed("client", "extendedKeyUsage=clientAuth");
  }

  std::string certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::string key(const std::string& name) const { return folder_ / (name + ".key"); }

 private:
  static constexpr const char* kKey = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";

  static void run(const std::string& command) {
    ASSERT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
  }
  void make_authority(const std::string& name) const {
    run(std::string("openssl req -x509 -days 2 -subj /CN=") + name + kKey + "-keyout " + key(name) +
        " -out " + certificate(name));
  }
  void make_signed(const std::string& name, const std::string& extension) const {
    const std::string request = folder_ / (name + ".csr");
    const std::string extensions = folder_ / (name + ".ext");
    std::ofstream(extensions) << extension << "\n";
    run(std::string("openssl req -subj /CN=") + name + kKey + "-keyout " + key(name) + " -out " +
        request);
    run("openssl x509 -req -days 2 -in " + request + " -CA " + certificate("ca") + " -CAkey " +
        key("ca") + " -CAcreateserial -extfile " + extensions + " -out " + certificate(name));
  }

  TemporaryFolder folder_;
};

}  // namespace waybill::internal
