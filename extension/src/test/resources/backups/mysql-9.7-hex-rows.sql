-- MySQL dump 10.13  Distrib 9.7.4, for Linux (x86_64)
--
-- Host: localhost    Database: catalog
-- ------------------------------------------------------
-- Server version	9.7.4-2

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;

--
-- GTID state at the beginning of the backup 
--

SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '4dd98119-e5a1-11f1-b684-0242ac110004:1-16';

--
-- Dumping data for table `Odd ``Name.tbl`
--

LOCK TABLES `Odd ``Name.tbl` WRITE;
/*!40000 ALTER TABLE `Odd ``Name.tbl` DISABLE KEYS */;
INSERT INTO `Odd ``Name.tbl` (`select`, `a b`) VALUES (1,'one');
INSERT INTO `Odd ``Name.tbl` (`select`, `a b`) VALUES (2,NULL);
/*!40000 ALTER TABLE `Odd ``Name.tbl` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Dumping data for table `empty_one`
--

LOCK TABLES `empty_one` WRITE;
/*!40000 ALTER TABLE `empty_one` DISABLE KEYS */;
/*!40000 ALTER TABLE `empty_one` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Dumping data for table `entry`
--

LOCK TABLES `entry` WRITE;
/*!40000 ALTER TABLE `entry` DISABLE KEYS */;
INSERT INTO `entry` (`id`, `person_id`) VALUES (1,1);
INSERT INTO `entry` (`id`, `person_id`) VALUES (2,2);
INSERT INTO `entry` (`id`, `person_id`) VALUES (3,3);
INSERT INTO `entry` (`id`, `person_id`) VALUES (4,4);
INSERT INTO `entry` (`id`, `person_id`) VALUES (5,5);
INSERT INTO `entry` (`id`, `person_id`) VALUES (6,6);
INSERT INTO `entry` (`id`, `person_id`) VALUES (7,7);
/*!40000 ALTER TABLE `entry` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Dumping data for table `flyway_schema_history`
--

LOCK TABLES `flyway_schema_history` WRITE;
/*!40000 ALTER TABLE `flyway_schema_history` DISABLE KEYS */;
INSERT INTO `flyway_schema_history` (`installed_rank`, `version`, `description`, `type`, `script`, `checksum`, `installed_by`, `installed_on`, `execution_time`, `success`) VALUES (1,'1.0','tables','SQL','V1.0__tables.sql',-1274563210,'catalog','2024-05-01 10:00:00',12,1);
INSERT INTO `flyway_schema_history` (`installed_rank`, `version`, `description`, `type`, `script`, `checksum`, `installed_by`, `installed_on`, `execution_time`, `success`) VALUES (2,'1.1','it\'s a \\ \"column\"; really','SQL','V1.1__column.sql',99,'catalog','2024-05-01 10:00:01',3,1);
INSERT INTO `flyway_schema_history` (`installed_rank`, `version`, `description`, `type`, `script`, `checksum`, `installed_by`, `installed_on`, `execution_time`, `success`) VALUES (3,NULL,'views','SQL','R__views.sql',7,'catalog','2024-05-01 10:00:02',3,1);
INSERT INTO `flyway_schema_history` (`installed_rank`, `version`, `description`, `type`, `script`, `checksum`, `installed_by`, `installed_on`, `execution_time`, `success`) VALUES (4,'1.2','failed','SQL','V1.2__failed.sql',NULL,'catalog','2024-05-01 10:00:03',3,0);
/*!40000 ALTER TABLE `flyway_schema_history` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Dumping data for table `person`
--

LOCK TABLES `person` WRITE;
/*!40000 ALTER TABLE `person` DISABLE KEYS */;
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (1,'plain',NULL,'{\"a\": [1, 2], \"q\": \"what?\"}',0x81);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (2,'emoji 😀 and ümläut',_binary '',NULL,0x00);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (3,'tab	here, back\\slash, new\nline, return\rhere',NULL,'{\"path\": \"C:\\\\temp\", \"quote\": \"\\\"\"}',NULL);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (4,'semicolon; -- no comment /* none */ # none {fn now()} := ? (',NULL,NULL,NULL);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (5,'it\'s \"quoted\" `too`',NULL,NULL,NULL);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (6,'zero \0 and \Z',NULL,NULL,NULL);
INSERT INTO `person` (`id`, `name`, `picture`, `details`, `flags`) VALUES (7,'bytes',0x000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF,NULL,NULL);
/*!40000 ALTER TABLE `person` ENABLE KEYS */;
UNLOCK TABLES;
SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-21 12:09:19
